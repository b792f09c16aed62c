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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * A connector as {@link TlsShutdownEndpoint} shows it.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "name", "port", "policy", "linger", "timeout", "maxWait", "maxPending", "maxDiscard", "open",
		"pending", "counts" })
public final class ConnectorDescriptor {

	private final String name;

	private final int port;

	private final TlsShutdownSettings settings;

	private final int open;

	private final int pending;

	private final Map<String, CountDescriptor> counts = new LinkedHashMap<>();

	ConnectorDescriptor(RecordedConnector recorded) {
		this.name = recorded.connector().getName();
		this.port = recorded.connector().getPort();
		this.settings = recorded.connector().getSettings();
		this.open = recorded.connector().getOpen();
		this.pending = recorded.connector().getPending();
		for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
			this.counts.put(outcome.name().toLowerCase(Locale.ROOT),
					new CountDescriptor(recorded.count(outcome, TlsShutdownInitiator.LOCAL),
							recorded.count(outcome, TlsShutdownInitiator.PEER)));
		}
	}

	/**
	 * Return the connector's name.
	 * @return the name, with the port
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return the TCP port the connector listens on.
	 * @return the port
	 */
	public int getPort() {
		return this.port;
	}

	/**
	 * Return the policy that applies.
	 * @return the policy, in lower case
	 */
	public String getPolicy() {
		return this.settings.policy().name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether a connection whose peer may still be sending is kept until it stops.
	 * @return whether it is
	 */
	public boolean isLinger() {
		return this.settings.linger();
	}

	/**
	 * Return how long a peer may make no progress.
	 * @return the timeout
	 */
	public Duration getTimeout() {
		return this.settings.timeout();
	}

	/**
	 * Return the upper bound on one shutdown.
	 * @return the upper bound
	 */
	public Duration getMaxWait() {
		return this.settings.maxWait();
	}

	/**
	 * Return how many connections may wait at once.
	 * @return the number of connections
	 */
	public int getMaxPending() {
		return this.settings.maxPending();
	}

	/**
	 * Return how much application data is discarded for one connection.
	 * @return the number of bytes
	 */
	public long getMaxDiscard() {
		return this.settings.maxDiscard();
	}

	/**
	 * Return how many connections the server has not closed yet.
	 * @return the number of connections
	 */
	public int getOpen() {
		return this.open;
	}

	/**
	 * Return how many connections wait.
	 * @return the number of connections
	 */
	public int getPending() {
		return this.pending;
	}

	/**
	 * Return how many connections ended in which way since the connector was started.
	 * @return the numbers by outcome, in lower case
	 */
	public Map<String, CountDescriptor> getCounts() {
		return this.counts;
	}

}
