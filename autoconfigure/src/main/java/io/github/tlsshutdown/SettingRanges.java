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

package io.github.tlsshutdown;

import java.time.Duration;
import java.util.Locale;

/**
 * The allowed values of settings. Some depend on each other.
 */
final class SettingRanges {

	private static final Duration LONGEST = Duration.ofHours(1);

	private SettingRanges() {
	}

	/**
	 * Check settings.
	 * @param settings the settings
	 * @throws InvalidTlsShutdownSettingException if a value is out of range
	 */
	static void check(TlsShutdownSettings settings) {
		Duration timeout = settings.timeout();
		Duration maxWait = settings.maxWait();
		require(isPositive(timeout) && timeout.compareTo(LONGEST) <= 0, "timeout", timeout,
				"more than 0 and at most 1h");
		require(maxWait.compareTo(timeout) >= 0 && maxWait.compareTo(LONGEST) <= 0, "maxWait", maxWait,
				"at least as long as timeout, which is " + describe(timeout) + ", and at most 1h");
		require(settings.maxPending() >= 0, "maxPending", settings.maxPending(),
				"at least 1, or 0 for as many as the connector accepts connections");
		require(settings.maxDiscard() >= 1, "maxDiscard", settings.maxDiscard(), "at least 1");
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static void require(boolean valid, String setting, Object value, String range) {
		if (!valid) {
			throw new InvalidTlsShutdownSettingException(setting, value, "must be " + range);
		}
	}

	// 1m30s rather than PT1M30S
	private static String describe(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

}
