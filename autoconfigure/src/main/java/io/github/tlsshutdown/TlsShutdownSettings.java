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
import java.util.Objects;

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
		require(isPositive(timeout) && timeout.compareTo(LONGEST) <= 0, "timeout", timeout,
				"must be more than 0 and at most 1h");
		require(isPositive(maxWait) && maxWait.compareTo(LONGEST) <= 0, "max-wait", maxWait,
				"must be more than 0 and at most 1h");
		require(maxWait.compareTo(timeout) >= 0, "max-wait", maxWait,
				"must be at least as long as timeout, which is " + timeout.toMillis() + "ms");
		require(maxPending >= 1, "max-pending", maxPending, "must be at least 1");
		require(maxDiscard >= 1, "max-discard", maxDiscard, "must be at least 1B");
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

	private static void require(boolean valid, String setting, Object value, String allowed) {
		if (!valid) {
			throw new InvalidTlsShutdownSettingException(setting, value, allowed);
		}
	}

}
