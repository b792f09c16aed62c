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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a connector ends its TLS connections. Immutable; an instance is always valid. Later
 * versions may add settings.
 *
 * @since 0.1.0
 */
public final class TlsShutdownSettings {

	/**
	 * The defaults.
	 */
	public static final TlsShutdownSettings DEFAULTS = new TlsShutdownSettingsBuilder().build();

	private final TlsShutdownPolicy policy;

	private final boolean linger;

	private final Duration timeout;

	private final Duration maxWait;

	private final int maxPending;

	private final long maxDiscard;

	private final boolean drainIdle;

	TlsShutdownSettings(TlsShutdownSettingsBuilder builder) {
		this.policy = builder.policy;
		this.linger = builder.linger;
		this.timeout = builder.timeout;
		this.maxWait = builder.maxWait;
		this.maxPending = builder.maxPending;
		this.maxDiscard = builder.maxDiscard;
		this.drainIdle = builder.drainIdle;
		SettingRanges.check(this);
	}

	/**
	 * Return a builder that starts with the {@link #DEFAULTS}.
	 * @return a builder
	 */
	public static TlsShutdownSettingsBuilder builder() {
		return new TlsShutdownSettingsBuilder();
	}

	/**
	 * Return a builder that starts with these settings.
	 * @return a builder
	 */
	public TlsShutdownSettingsBuilder toBuilder() {
		return new TlsShutdownSettingsBuilder().policy(this.policy)
			.linger(this.linger)
			.timeout(this.timeout)
			.maxWait(this.maxWait)
			.maxPending(this.maxPending)
			.maxDiscard(this.maxDiscard)
			.drainIdle(this.drainIdle);
	}

	/**
	 * Return how a connection ends.
	 * @return the policy
	 */
	public TlsShutdownPolicy policy() {
		return this.policy;
	}

	/**
	 * Return whether a connection is kept open while its peer may still be sending, so
	 * that it can read the response: closing at once makes the kernel send a reset, and
	 * the peer loses what it has not read yet. Lingering has the same limits as waiting
	 * for the peer's close_notify, and applies under every policy.
	 * @return whether connections linger
	 */
	public boolean linger() {
		return this.linger;
	}

	/**
	 * Return the time without progress, neither reading our data nor sending a byte,
	 * after which a connection is closed.
	 * @return more than zero and at most one hour
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return the longest time for the shutdown of one connection, even if the peer makes
	 * progress.
	 * @return at least {@link #timeout()} and at most one hour
	 */
	public Duration maxWait() {
		return this.maxWait;
	}

	/**
	 * Return how many connections of one connector can wait for their peers at once.
	 * <p>
	 * The {@link TlsShutdownConnector#getSettings() settings of a connector} always
	 * contain the effective number, which is at least 1.
	 * @return the number, or 0 if it is not set: as many as the connector accepts
	 * connections
	 */
	public int maxPending() {
		return this.maxPending;
	}

	/**
	 * Return how much application data is discarded at most for one waiting connection.
	 * @return the number of bytes, at least 1
	 */
	public long maxDiscard() {
		return this.maxDiscard;
	}

	/**
	 * Return whether idle connections are closed as soon as a graceful stop begins.
	 * Otherwise they are closed when the server has stopped.
	 * @return whether they are closed at once
	 */
	public boolean drainIdle() {
		return this.drainIdle;
	}

	/**
	 * Return these settings with another policy.
	 * @param policy the policy
	 * @return the settings
	 */
	public TlsShutdownSettings withPolicy(TlsShutdownPolicy policy) {
		return toBuilder().policy(policy).build();
	}

	/**
	 * Return these settings with lingering on or off.
	 * @param linger whether to linger
	 * @return the settings
	 */
	public TlsShutdownSettings withLinger(boolean linger) {
		return toBuilder().linger(linger).build();
	}

	/**
	 * Return these settings with another timeout.
	 * @param timeout the timeout
	 * @return the settings
	 * @throws InvalidTlsShutdownSettingException if it is out of range
	 */
	public TlsShutdownSettings withTimeout(Duration timeout) {
		return toBuilder().timeout(timeout).build();
	}

	/**
	 * Return these settings with another longest time for a shutdown.
	 * @param maxWait the time
	 * @return the settings
	 * @throws InvalidTlsShutdownSettingException if it is out of range
	 */
	public TlsShutdownSettings withMaxWait(Duration maxWait) {
		return toBuilder().maxWait(maxWait).build();
	}

	/**
	 * Return these settings with another number of connections that can wait.
	 * @param maxPending the number, or 0 for as many as the connector accepts connections
	 * @return the settings
	 * @throws InvalidTlsShutdownSettingException if it is out of range
	 */
	public TlsShutdownSettings withMaxPending(int maxPending) {
		return toBuilder().maxPending(maxPending).build();
	}

	/**
	 * Return these settings with another limit for discarded data.
	 * @param maxDiscard the number of bytes
	 * @return the settings
	 * @throws InvalidTlsShutdownSettingException if it is out of range
	 */
	public TlsShutdownSettings withMaxDiscard(long maxDiscard) {
		return toBuilder().maxDiscard(maxDiscard).build();
	}

	/**
	 * Return these settings with idle connections closed at the beginning of a graceful
	 * stop, or at its end.
	 * @param drainIdle whether they are closed at the beginning
	 * @return the settings
	 */
	public TlsShutdownSettings withDrainIdle(boolean drainIdle) {
		return toBuilder().drainIdle(drainIdle).build();
	}

	@Override
	public boolean equals(@Nullable Object object) {
		return object instanceof TlsShutdownSettings other && values().equals(other.values());
	}

	@Override
	public int hashCode() {
		return values().hashCode();
	}

	private List<Object> values() {
		return List.of(this.policy, this.linger, this.timeout, this.maxWait, this.maxPending, this.maxDiscard,
				this.drainIdle);
	}

	@Override
	public String toString() {
		return "TlsShutdownSettings[policy=" + this.policy + ", linger=" + this.linger + ", timeout=" + this.timeout
				+ ", maxWait=" + this.maxWait + ", maxPending=" + this.maxPending + ", maxDiscard=" + this.maxDiscard
				+ ", drainIdle=" + this.drainIdle + "]";
	}

}
