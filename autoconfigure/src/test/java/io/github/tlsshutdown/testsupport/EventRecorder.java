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

package io.github.tlsshutdown.testsupport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Keeps every event, and the connectors that are running.
 */
public class EventRecorder implements TlsShutdownListener {

	/** When the peers of a test connected, by their ports, which may be used again. */
	private static final Map<Integer, Long> connected = new ConcurrentHashMap<>();

	private final Collection<Recorded> events = new ConcurrentLinkedQueue<>();

	private final List<TlsShutdownConnector> connectors = new CopyOnWriteArrayList<>();

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		this.events.add(new Recorded(event, System.nanoTime()));
	}

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		this.connectors.add(connector);
	}

	@Override
	public void onConnectorStopped(TlsShutdownConnector connector) {
		assertThat(this.connectors.remove(connector)).isTrue();
	}

	/**
	 * Return the connector, of a server that has one.
	 * @return the connector, or {@code null} if none that terminates TLS is running
	 */
	public @Nullable TlsShutdownConnector connector() {
		List<TlsShutdownConnector> connectors = connectors();
		assertThat(connectors).hasSizeLessThan(2);
		return connectors.isEmpty() ? null : connectors.get(0);
	}

	/**
	 * Return the connectors that terminate TLS.
	 * @return the connectors, in the order in which they were started
	 */
	public List<TlsShutdownConnector> connectors() {
		return List.copyOf(this.connectors);
	}

	/**
	 * Return what was recorded.
	 * @return the events, in the order in which they came
	 */
	public List<TlsShutdownEvent> events() {
		return this.events.stream().map(Recorded::event).toList();
	}

	/**
	 * Return the number of connections for each outcome that there was.
	 * @return the numbers
	 */
	public Map<TlsShutdownOutcome, Long> counts() {
		Map<TlsShutdownOutcome, Long> counts = new EnumMap<>(TlsShutdownOutcome.class);
		events().forEach((event) -> counts.merge(event.outcome(), 1L, Long::sum));
		return counts;
	}

	/**
	 * Wait for the end of the connection that came from a local port.
	 * @param port the peer's port
	 * @return the event
	 */
	public TlsShutdownEvent awaitEvent(int port) {
		await().atMost(Duration.ofSeconds(20)).until(() -> !eventsOf(port).isEmpty());
		List<TlsShutdownEvent> events = eventsOf(port);
		assertThat(events).hasSize(1);
		return events.get(0);
	}

	/**
	 * Wait until a number of connections has ended and none is pending, then check that
	 * there are no more and none came twice.
	 * @param expected the number of connections
	 */
	public void awaitTotal(int expected) {
		await().atMost(Duration.ofSeconds(60)).until(() -> this.events.size() >= expected && pending() == 0);
		assertThat(this.events).hasSize(expected);
		assertThat(events()).doesNotHaveDuplicates();
	}

	private int pending() {
		return this.connectors.stream().mapToInt(TlsShutdownConnector::getPending).sum();
	}

	private List<TlsShutdownEvent> eventsOf(int port) {
		Long since = connected.get(port);
		return this.events.stream()
			.filter((recorded) -> portOf(recorded.event()) == port
					&& (since == null || recorded.nanoTime() - since > 0))
			.map(Recorded::event)
			.toList();
	}

	/**
	 * Note that a peer has connected, so that the events of those that had its port
	 * before are not taken for its own.
	 * @param port the peer's port
	 */
	static void connected(int port) {
		connected.put(port, System.nanoTime());
	}

	private static int portOf(TlsShutdownEvent event) {
		InetSocketAddress address = event.remoteAddress();
		return (address != null) ? address.getPort() : -1;
	}

	private record Recorded(TlsShutdownEvent event, long nanoTime) {

	}

}
