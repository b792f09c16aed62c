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

package io.github.tlsshutdown.benchmarks.report;

import java.util.List;
import java.util.Locale;

import io.github.tlsshutdown.benchmarks.result.Statistics;

/**
 * Several values of the same kind.
 *
 * @param median the middle one
 * @param min the least
 * @param max the greatest
 * @param count how many there are
 * @param unit their unit; empty for ratios
 */
record Summary(double median, double min, double max, int count, String unit) {

	static Summary of(List<Double> values, String unit) {
		return new Summary(Statistics.median(values), values.stream().mapToDouble(Double::doubleValue).min().orElse(0),
				values.stream().mapToDouble(Double::doubleValue).max().orElse(0), values.size(), unit);
	}

	String value() {
		return this.unit.isEmpty() ? number(this.median) : number(this.median) + " " + this.unit;
	}

	String spread() {
		return number(this.min) + "–" + number(this.max);
	}

	@Override
	public String toString() {
		return (this.count > 1) ? value() + " (" + spread() + ")" : value();
	}

	private String number(double value) {
		return this.unit.isEmpty() ? String.format(Locale.ROOT, "%.3f", value) : format(value);
	}

	/**
	 * Return a number with three digits, or all those before the point.
	 * @param value the number
	 * @return the text
	 */
	static String format(double value) {
		double size = Math.abs(value);
		if (size >= 100 || value == Math.rint(value)) {
			return String.format(Locale.ROOT, "%,.0f", value);
		}
		return String.format(Locale.ROOT, (size >= 10) ? "%.1f" : (size >= 1) ? "%.2f" : "%.3f", value);
	}

}
