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

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Records what {@link TlsShutdownEndpoint} shows: the running connectors, counts of how
 * their connections ended, and the last connections of each outcome in which something
 * was lost.
 *
 * @since 0.1.0
 */
public class TlsShutdownRecorder implements TlsShutdownListener {

	private final Map<String, RecordedConnector> connectors = new ConcurrentHashMap<>();

	private final RecentByOutcome recent;

	/**
	 * Create a recorder.
	 * @param recentSize how many shutdowns to keep for each outcome, of those in which
	 * something was lost; 0 for none
	 */
	public TlsShutdownRecorder(int recentSize) {
		this.recent = new RecentByOutcome(recentSize);
	}

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		this.connectors.put(connector.getName(), new RecordedConnector(connector));
	}

	@Override
	public void onConnectorStopped(TlsShutdownConnector connector) {
		this.connectors.remove(connector.getName());
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		RecordedConnector connector = this.connectors.get(event.connector());
		if (connector != null) {
			connector.count(event);
		}
		if (event.mayHaveLost()) {
			this.recent.add(Instant.now(), event);
		}
	}

	/**
	 * Return the connectors that are running.
	 * @return the connectors, by name
	 */
	Collection<RecordedConnector> connectors() {
		return this.connectors.values()
			.stream()
			.sorted(Comparator.comparing((recorded) -> recorded.connector().getName()))
			.toList();
	}

	/**
	 * Return the last shutdowns in which something was lost.
	 * @return the shutdowns, most recent first
	 */
	List<RecentShutdowns.Entry> recent() {
		return this.recent.entries();
	}

}
