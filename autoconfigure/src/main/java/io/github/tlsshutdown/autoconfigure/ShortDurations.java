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

package io.github.tlsshutdown.autoconfigure;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;

/**
 * Warns of durations that are probably a mistake: Spring Boot reads a number without a
 * unit as milliseconds.
 */
final class ShortDurations {

	private static final Log logger = LogFactory.getLog(ShortDurations.class);

	private static final Duration SHORTEST_USUAL = Duration.ofMillis(100);

	private final Binder binder;

	ShortDurations(Binder binder) {
		this.binder = binder;
	}

	/**
	 * Warn if a duration is very short.
	 * @param property the property's name
	 * @param duration its value
	 */
	void check(String property, Duration duration) {
		if (duration.compareTo(SHORTEST_USUAL) < 0) {
			String typed = this.binder.bind(property, String.class).orElseGet(duration::toString);
			logger.warn(property + "=" + typed + " is read as " + DurationStyle.SIMPLE.print(duration)
					+ ". Few clients can answer in that time. If you meant another unit, add it, such as 3s.");
		}
	}

}
