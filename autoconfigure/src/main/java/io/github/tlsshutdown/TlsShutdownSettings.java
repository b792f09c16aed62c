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
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a connector does at the end of a TLS connection. Immutable; an instance is always
 * valid.
 *
 * @param policy how a connection ends
 * @param timeout how long a peer may make no progress, neither taking our alert nor
 * sending a byte, before the connection is closed; more than zero and at most one hour
 * @param maxWait upper bound on the whole shutdown of one connection, however busy the
 * peer is; at least {@code timeout} and at most one hour
 * @param maxPending number of connections of one connector that may wait at once; at
 * least 1
 * @param maxDiscard application data that is discarded for one waiting connection, in
 * bytes; at least 1
 * @since 0.1.0
 */
public record TlsShutdownSettings(TlsShutdownPolicy policy, Duration timeout, Duration maxWait, int maxPending,
		long maxDiscard) {

	private static final Duration LONGEST = Duration.ofHours(1);

	/**
	 * What applies where an application says nothing.
	 */
	public static final TlsShutdownSettings DEFAULTS = new TlsShutdownSettings(TlsShutdownPolicy.UNIDIRECTIONAL,
			Duration.ofSeconds(3), Duration.ofSeconds(30), 10_000, 64L * 1024 * 1024);

	/**
	 * Create settings.
	 * @throws InvalidTlsShutdownSettingException if a value is out of its range
	 */
	public TlsShutdownSettings {
		Objects.requireNonNull(policy, "'policy' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		Objects.requireNonNull(maxWait, "'maxWait' must not be null");
		require(isPositive(timeout) && timeout.compareTo(LONGEST) <= 0, "timeout", timeout, "");
		require(maxWait.compareTo(timeout) >= 0 && maxWait.compareTo(LONGEST) <= 0, "max-wait", maxWait,
				" (timeout is " + describe(timeout) + ")");
		require(maxPending >= 1, "max-pending", maxPending, "");
		require(maxDiscard >= 1, "max-discard", maxDiscard, "");
	}

	/**
	 * Return what is allowed for a setting.
	 * @param setting the name as a property has it, such as {@code max-wait}
	 * @return a noun phrase such as {@code a size such as 64MB, at least 1B}, or
	 * {@code null} if there is no such setting
	 */
	public static @Nullable String allowed(String setting) {
		return switch (setting) {
			case "policy" -> Stream.of(TlsShutdownPolicy.values())
				.map((policy) -> policy.name().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", ", "one of ", ""));
			case "timeout" -> "a duration such as 3s, more than 0 and at most 1h";
			case "max-wait" -> "a duration such as 30s, at least as long as timeout and at most 1h";
			case "max-pending" -> "a whole number such as 10000, at least 1 and at most 2147483647";
			case "max-discard" -> "a size such as 64MB, at least 1B";
			default -> null;
		};
	}

	/**
	 * Return these settings with another policy.
	 * @param policy the policy
	 * @return the settings
	 */
	public TlsShutdownSettings withPolicy(TlsShutdownPolicy policy) {
		return new TlsShutdownSettings(policy, this.timeout, this.maxWait, this.maxPending, this.maxDiscard);
	}

	/**
	 * Return these settings with another timeout.
	 * @param timeout the timeout
	 * @return the settings
	 * @throws InvalidTlsShutdownSettingException if the timeout is out of its range
	 */
	public TlsShutdownSettings withTimeout(Duration timeout) {
		return new TlsShutdownSettings(this.policy, timeout, this.maxWait, this.maxPending, this.maxDiscard);
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static void require(boolean valid, String setting, Object value, String circumstance) {
		if (!valid) {
			throw new InvalidTlsShutdownSettingException(setting, value, "must be " + allowed(setting) + circumstance);
		}
	}

	// 1m30s rather than PT1M30S
	private static String describe(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

}
