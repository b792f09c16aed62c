/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.tlsshutdown.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Collects what is measured, and shows it while it goes.
 */
public final class Recorder {

	private final List<Sample> samples = new ArrayList<>();

	/**
	 * Add a value.
	 * @param scenario what was done
	 * @param variant who did it
	 * @param metric what was measured
	 * @param unit the unit
	 * @param round values of the same round are compared with each other
	 * @param value the value
	 */
	public void add(String scenario, String variant, String metric, String unit, int round, double value) {
		this.samples.add(new Sample(scenario, variant, metric, unit, round, value));
		System.out.printf(Locale.ROOT, "%s | %s | %s %d: %.4g %s%n", scenario, variant, metric, round, value, unit);
	}

	/**
	 * Say something that is no value.
	 * @param text the text
	 */
	public void say(String text) {
		System.out.println(text);
	}

	/**
	 * Return what was measured.
	 * @return the values in the order in which they were added
	 */
	public List<Sample> samples() {
		return List.copyOf(this.samples);
	}

}
