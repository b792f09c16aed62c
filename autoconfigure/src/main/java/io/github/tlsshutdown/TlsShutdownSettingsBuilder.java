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
 * Builds settings. Values are checked when the settings are built, as they depend on each
 * other.
 *
 * @since 0.1.0
 */
public final class TlsShutdownSettingsBuilder {

	TlsShutdownPolicy policy = TlsShutdownPolicy.UNIDIRECTIONAL;

	boolean linger = true;

	Duration timeout = Duration.ofSeconds(3);

	Duration maxWait = Duration.ofSeconds(30);

	int maxPending;

	long maxDiscard = 64L * 1024 * 1024;

	boolean drainIdle = true;

	TlsShutdownSettingsBuilder() {
	}

	/**
	 * Set how a connection ends.
	 * @param policy the policy
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder policy(TlsShutdownPolicy policy) {
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		return this;
	}

	/**
	 * Set whether a connection is kept open while its peer may still be sending.
	 * @param linger whether it is
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder linger(boolean linger) {
		this.linger = linger;
		return this;
	}

	/**
	 * Set the time without progress after which a connection is closed.
	 * @param timeout more than zero and at most one hour
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder timeout(Duration timeout) {
		this.timeout = Objects.requireNonNull(timeout, "'timeout' must not be null");
		return this;
	}

	/**
	 * Set the longest time for the shutdown of one connection.
	 * @param maxWait at least the timeout and at most one hour
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder maxWait(Duration maxWait) {
		this.maxWait = Objects.requireNonNull(maxWait, "'maxWait' must not be null");
		return this;
	}

	/**
	 * Set how many connections of one connector can wait for their peers at once.
	 * @param maxPending the number, or 0 for as many as the connector accepts connections
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder maxPending(int maxPending) {
		this.maxPending = maxPending;
		return this;
	}

	/**
	 * Set how much application data is discarded at most for one waiting connection.
	 * @param maxDiscard the number of bytes, at least 1
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder maxDiscard(long maxDiscard) {
		this.maxDiscard = maxDiscard;
		return this;
	}

	/**
	 * Set whether connections on which no request is handled are ended as soon as the
	 * server begins to stop gracefully.
	 * @param drainIdle whether they are
	 * @return this builder
	 */
	public TlsShutdownSettingsBuilder drainIdle(boolean drainIdle) {
		this.drainIdle = drainIdle;
		return this;
	}

	/**
	 * Return the settings.
	 * @return the settings
	 * @throws InvalidTlsShutdownSettingException if a value is out of range
	 */
	public TlsShutdownSettings build() {
		return new TlsShutdownSettings(this);
	}

}
