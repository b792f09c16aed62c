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

package io.github.tlsshutdown.actuate;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Settings of a connector, as {@link TlsShutdownEndpoint} shows them.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "policy", "linger", "timeout", "maxWait", "maxPending", "maxDiscard", "drainIdle" })
public final class SettingsDescriptor {

	private final TlsShutdownSettings settings;

	SettingsDescriptor(TlsShutdownSettings settings) {
		this.settings = settings;
	}

	/**
	 * Return the policy.
	 * @return the policy, in lower case
	 */
	public String getPolicy() {
		return Values.of(this.settings.policy());
	}

	/**
	 * Return whether a connection is kept open while its peer may still be sending.
	 * @return whether it is
	 */
	public boolean isLinger() {
		return this.settings.linger();
	}

	/**
	 * Return the time without progress after which a connection is closed.
	 * @return the timeout
	 */
	public Duration getTimeout() {
		return this.settings.timeout();
	}

	/**
	 * Return the longest time for one shutdown.
	 * @return the time
	 */
	public Duration getMaxWait() {
		return this.settings.maxWait();
	}

	/**
	 * Return how many connections can wait at once.
	 * @return the number of connections
	 */
	public int getMaxPending() {
		return this.settings.maxPending();
	}

	/**
	 * Return how much application data is discarded at most for one connection.
	 * @return the number of bytes
	 */
	public long getMaxDiscard() {
		return this.settings.maxDiscard();
	}

	/**
	 * Return whether idle connections are closed as soon as a graceful stop begins.
	 * @return whether they are
	 */
	public boolean isDrainIdle() {
		return this.settings.drainIdle();
	}

}
