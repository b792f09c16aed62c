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

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.actuate.RecentShutdownDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownEndpoint;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.PeerEnding;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many connections that end in every way: events, meters and endpoint tell the same.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ObservedShutdownsTests {

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private static final int ROUNDS = 21;

	private static final int RECENT_SIZE = 50;

	private final TestServer server = TestServer.start(new Class<?>[] { FullApplication.class },
			FullApplication.PATH_PROPERTY, "management.endpoints.web.exposure.include=tlsshutdown",
			"management.endpoint.tlsshutdown.show-values=always",
			"management.endpoint.tlsshutdown.recent-size=" + RECENT_SIZE, "tls.shutdown.timeout=200ms");

	private final TlsShutdownEndpoint endpoint = this.server.context().getBean(TlsShutdownEndpoint.class);

	/** Sessions are resumed, which saves most of the time. */
	private final Map<String, SSLContext> contexts = PROTOCOLS.stream()
		.collect(Collectors.toMap((protocol) -> protocol, (protocol) -> TlsPeer.newContext()));

	/** Peers that leave the TCP connection to the server. */
	private final Queue<TlsPeer> silent = new ConcurrentLinkedQueue<>();

	private int connections;

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void eventsMetersAndEndpointAgree(TlsShutdownPolicy policy) throws Exception {
		this.endpoint.configureTlsShutdown(policy.name(), null, null);
		int before = this.connections;
		drive();
		assertThat(this.connections - before).isGreaterThanOrEqualTo(500);
		this.server.recorder().awaitTotal(this.connections);
		List<TlsShutdownEvent> events = this.server.recorder().events();
		assertThat(events.subList(before, events.size())).allMatch((event) -> event.policy() == policy)
			.extracting(TlsShutdownEvent::outcome)
			.contains(outcomes(policy));
		// Listeners are told one after the other
		await().untilAsserted(() -> assertThat(timed()).isEqualTo(count(events)));
		assertThat(totalNanos()).isEqualTo(events.stream().mapToLong((event) -> event.duration().toNanos()).sum());
		assertThat(registry().get("tls.shutdown.discarded").counter().count())
			.isEqualTo(events.stream().mapToLong(TlsShutdownEvent::discardedBytes).sum());
		assertThat(registry().get("tls.shutdown.pending").gauge().value()).isZero();
		TlsShutdownDescriptor shown = this.endpoint.tlsShutdown(null, null);
		assertThat(counts(shown)).isEqualTo(countByOutcome(events));
		assertThat(shown.getConnectors().get(0).getTruncated().getPeer())
			.isEqualTo(events.stream().filter((event) -> event.truncated() == TlsShutdownInitiator.PEER).count());
		assertRecent(shown.getRecent(), events);
	}

	private static TlsShutdownOutcome[] outcomes(TlsShutdownPolicy policy) {
		EnumSet<TlsShutdownOutcome> outcomes = EnumSet.of(TlsShutdownOutcome.UNCLEAN, TlsShutdownOutcome.RESET,
				TlsShutdownOutcome.FAILED, TlsShutdownOutcome.NO_HANDSHAKE);
		switch (policy) {
			case UNIDIRECTIONAL -> Collections.addAll(outcomes, TlsShutdownOutcome.SENT, TlsShutdownOutcome.COMPLETED);
			case BIDIRECTIONAL ->
				Collections.addAll(outcomes, TlsShutdownOutcome.COMPLETED, TlsShutdownOutcome.TIMED_OUT);
			case QUIET -> outcomes.add(TlsShutdownOutcome.QUIET);
		}
		return outcomes.toArray(TlsShutdownOutcome[]::new);
	}

	private void drive() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(12);
		List<Future<?>> plays = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			for (PeerEnding ending : PeerEnding.values()) {
				for (String protocol : PROTOCOLS) {
					plays.add(threads.submit(() -> {
						ending.play(this.server.port(), protocol, this.contexts.get(protocol), this.silent);
						return null;
					}));
				}
			}
		}
		this.connections += plays.size();
		threads.shutdown();
		for (Future<?> play : plays) {
			awaitEnd(play);
		}
		await().until(() -> this.server.recorder().events().size() >= this.connections);
		for (TlsPeer peer : this.silent) {
			peer.close();
		}
		this.silent.clear();
	}

	private static void awaitEnd(Future<?> play) throws Exception {
		try {
			play.get(60, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			// The server may be gone already when the peer comes to its turn
			assertThat(ex).cause().isInstanceOf(IOException.class).hasMessageMatching(".*(reset|[Bb]roken).*");
		}
	}

	private MeterRegistry registry() {
		return this.server.context().getBean(MeterRegistry.class);
	}

	private Map<String, Long> timed() {
		Map<String, Long> timed = new TreeMap<>();
		for (Timer timer : registry().get("tls.shutdown").timers()) {
			Meter.Id id = timer.getId();
			assertThat(id.getTag("connector")).matches(this.server.connectorName());
			if (timer.count() > 0) {
				timed.put(String.join(" ", id.getTag("policy"), id.getTag("outcome"), id.getTag("initiator"),
						id.getTag("protocol")), timer.count());
			}
		}
		return timed;
	}

	private long totalNanos() {
		return registry().get("tls.shutdown")
			.timers()
			.stream()
			.mapToLong((timer) -> (long) timer.totalTime(TimeUnit.NANOSECONDS))
			.sum();
	}

	private static Map<String, Long> count(Collection<TlsShutdownEvent> events) {
		return events.stream()
			.collect(
					Collectors
						.groupingBy(
								(event) -> String.join(" ", value(event.policy()), value(event.outcome()),
										value(event.initiator()), event.protocol()),
								TreeMap::new, Collectors.counting()));
	}

	private static Map<String, Long> countByOutcome(Collection<TlsShutdownEvent> events) {
		return events.stream()
			.collect(Collectors.groupingBy((event) -> String.join(" ", value(event.policy()), value(event.outcome()),
					value(event.initiator())), TreeMap::new, Collectors.counting()));
	}

	private static Map<String, Long> counts(TlsShutdownDescriptor shown) {
		assertThat(shown.getConnectors()).hasSize(1);
		Map<String, Long> counts = new TreeMap<>();
		shown.getConnectors().get(0).getCounts().forEach((policy, outcomes) -> outcomes.forEach((outcome, count) -> {
			counts.put(policy + " " + outcome + " local", count.getLocal());
			counts.put(policy + " " + outcome + " peer", count.getPeer());
		}));
		counts.values().removeIf((count) -> count == 0);
		return counts;
	}

	private static void assertRecent(List<RecentShutdownDescriptor> recent, List<TlsShutdownEvent> events) {
		long expected = events.stream()
			.filter(TlsShutdownEvent::mayHaveLost)
			.collect(Collectors.groupingBy(TlsShutdownEvent::outcome, Collectors.counting()))
			.values()
			.stream()
			.mapToLong((count) -> Math.min(count, RECENT_SIZE))
			.sum();
		Set<String> lossy = events.stream()
			.filter(TlsShutdownEvent::mayHaveLost)
			.map((event) -> describe(value(event.policy()), value(event.outcome()), value(event.initiator()),
					event.protocol(), String.valueOf(event.remoteAddress()).substring(1), event.duration(),
					event.closeNotifySent(), event.closeNotifyReceived(), event.discardedBytes()))
			.collect(Collectors.toSet());
		assertThat(recent).hasSize((int) expected).isNotEmpty();
		assertThat(recent)
			.map((shown) -> describe(shown.getPolicy(), shown.getOutcome(), shown.getInitiator(), shown.getProtocol(),
					shown.getRemoteAddress(), shown.getDuration(), shown.isCloseNotifySent(),
					shown.isCloseNotifyReceived(), shown.getDiscardedBytes()))
			.doesNotHaveDuplicates()
			.allMatch(lossy::contains);
	}

	private static String describe(Object... values) {
		return Arrays.toString(values);
	}

	private static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
