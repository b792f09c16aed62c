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

package io.github.tlsshutdown.benchmarks.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.SpringApplication;

/**
 * Starts an application several times in one JVM, each time with a server of its own.
 */
public final class SideBySide {

	/** Names the class of the application. */
	public static final String APPLICATION = "benchmark.application";

	/** What one of them has beside the arguments of all; there is one such for each. */
	public static final String VARIANT = "benchmark.variant";

	private SideBySide() {
	}

	/**
	 * Start the applications, of which the last one announces that all are ready.
	 * @param arguments those of all
	 * @throws ClassNotFoundException if there is no such application
	 */
	public static void main(String[] arguments) throws ClassNotFoundException {
		DefaultApplicationArguments options = new DefaultApplicationArguments(arguments);
		Class<?> application = Class.forName(values(options, APPLICATION).get(0));
		List<String> variants = values(options, VARIANT);
		for (int i = 0; i < variants.size(); i++) {
			List<String> all = new ArrayList<>(List.of(arguments));
			all.addAll(List.of(variants.get(i).split(" ")));
			all.add("--" + ReadyAnnouncer.ANNOUNCE + "=" + (i == variants.size() - 1));
			SpringApplication.run(application, all.toArray(String[]::new));
		}
	}

	private static List<String> values(DefaultApplicationArguments options, String name) {
		return Objects.requireNonNull(options.getOptionValues(name), name);
	}

}
