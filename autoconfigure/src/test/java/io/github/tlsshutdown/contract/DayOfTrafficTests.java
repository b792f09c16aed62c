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

package io.github.tlsshutdown.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.actuate.TlsShutdownDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownEndpoint;
import io.github.tlsshutdown.actuate.TlsShutdownRecorder;
import io.github.tlsshutdown.metrics.DefaultTlsShutdownTagsConvention;
import io.github.tlsshutdown.metrics.TlsShutdownMetrics;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * What a public site meets in a day: meters and endpoint say who lost something, and
 * nothing of all the others.
 */
@TestInstance(Lifecycle.PER_CLASS)
class DayOfTrafficTests {

	private static final int MEGABYTE = 1_000_000;

	private static final byte[] PART = new byte[16_000];

	private TestServer server;

	private MeterRegistry registry;

	private int connections;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { Observers.class }, "tls.shutdown.timeout=20s",
				"tls.shutdown.max-discard=4MB");
		this.registry = this.server.context().getBean(MeterRegistry.class);
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void whoLostWhat(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		healthy();
		awaitCounted();
		assertThat(losses(policy)).isEmpty();
		assertThat(recent(policy)).isEmpty();
		lossy();
		awaitCounted();
		assertThat(losses(policy)).as("%s", this.server.recorder().events())
			.containsOnly(entry("truncated peer", 3L), entry("truncated local", 1L), entry("unread drained", 2L),
					entry("unread cut", 1L));
		assertThat(recent(policy)).containsEntry("aborted", 1L).containsEntry("overflow", 1L);
		assertThat(recent(policy).values().stream().mapToLong(Long::longValue).sum()).isEqualTo(5);
		assertThat(counted("no_handshake", policy)).isEqualTo(2);
		assertThat(counted("aborted", policy)).isOne();
		assertThat(counted("overflow", policy)).isOne();
	}

	private void healthy() throws IOException {
		for (int i = 0; i < 3; i++) {
			browserLeavesAnIdleConnection();
		}
		browserLeavesAfterTheServer();
		poolClosesFirst();
		poolAnswersTheServer();
		for (int i = 0; i < 2; i++) {
			healthCheckConnects();
		}
	}

	private void lossy() throws IOException {
		// Who refuses an upload lets the client have the answer
		uploadIsRefused();
		uploadIsRefused();
		clientVanishesInItsUpload(true);
		clientVanishesInItsUpload(false);
		clientVanishesInItsDownload();
		handlerFails();
		uploadNeverEnds();
	}

	private void browserLeavesAnIdleConnection() throws IOException {
		try (TlsPeer peer = connect()) {
			peer.get("/hello");
			peer.readResponse("hello");
			peer.sendFin();
			peer.awaitEnd();
		}
	}

	private void browserLeavesAfterTheServer() throws IOException {
		try (TlsPeer peer = connect()) {
			peer.get("/bye");
			peer.readResponse("bye");
			peer.awaitEnd();
			peer.sendFin();
		}
	}

	private void poolClosesFirst() throws IOException {
		try (TlsPeer peer = connect()) {
			peer.get("/hello");
			peer.readResponse("hello");
			peer.sendCloseNotify();
			peer.awaitEnd();
		}
	}

	private void poolAnswersTheServer() throws IOException {
		try (TlsPeer peer = connect()) {
			peer.get("/bye");
			peer.readResponse("bye");
			peer.awaitEnd();
			peer.sendCloseNotify();
		}
	}

	private void healthCheckConnects() throws IOException {
		this.connections++;
		new Socket(InetAddress.getLoopbackAddress(), this.server.port()).close();
	}

	private void uploadIsRefused() throws IOException {
		try (TlsPeer peer = connect()) {
			upload(peer, "/reject", 3 * MEGABYTE);
			for (int sent = 0; sent < 3 * MEGABYTE; sent += PART.length) {
				peer.send(PART);
			}
			peer.readResponse("reject");
			peer.awaitEnd();
			peer.sendFin();
		}
	}

	private void clientVanishesInItsUpload(boolean reset) throws IOException {
		try (TlsPeer peer = connect()) {
			peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
					+ "Expect: 100-continue\r\n\r\n");
			peer.readAtLeast("HTTP/1.1 100".length());
			peer.send(PART);
			if (reset) {
				peer.reset();
			}
			else {
				peer.sendFin();
				peer.awaitFinOrReset();
			}
		}
	}

	private void clientVanishesInItsDownload() throws IOException {
		try (TlsPeer peer = connect()) {
			peer.get("/hello?size=" + 20 * MEGABYTE);
			peer.readAtLeast(100_000);
			peer.reset();
		}
	}

	private void handlerFails() throws IOException {
		try (TlsPeer peer = connect()) {
			peer.get("/fails");
			peer.awaitEnd();
			assertThat(peer.sawCloseNotify()).isFalse();
		}
	}

	private void uploadNeverEnds() throws IOException {
		try (TlsPeer peer = connect()) {
			upload(peer, "/reject", 100 * MEGABYTE);
			for (int sent = 0; sent < 50 * MEGABYTE; sent += PART.length) {
				peer.send(PART);
			}
			throw new AssertionError("The server took more than max-discard");
		}
		catch (IOException ex) {
			// The server has closed
		}
	}

	private static void upload(TlsPeer peer, String path, int length) throws IOException {
		peer.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n");
	}

	private TlsPeer connect() throws IOException {
		TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3");
		this.connections++;
		return peer;
	}

	private void awaitCounted() {
		await().until(() -> this.registry.get("tls.shutdown").timers().stream().mapToLong(Timer::count).sum()
				+ this.registry.get("tls.shutdown.pending").gauge().value()
				+ this.registry.get("tls.shutdown.open").gauge().value() == this.connections
				&& this.server.recorder().events().size() == this.connections);
		// Who is told last has been told
		await().until(() -> shown().getConnectors().get(0).getPending() == 0);
	}

	/**
	 * Return what the meters of losses say of the connections of a policy.
	 * @param policy the policy
	 * @return the numbers that are not zero
	 */
	private Map<String, Long> losses(TlsShutdownPolicy policy) {
		Map<String, Long> losses = new TreeMap<>();
		for (String name : List.of("truncated", "unread")) {
			for (Counter counter : this.registry.find("tls.shutdown." + name)
				.tag("policy", policy.name().toLowerCase())
				.counters()) {
				String kind = counter.getId().getTag(name.equals("unread") ? "fate" : "side");
				losses.put(name + " " + kind, (long) counter.count());
			}
		}
		losses.values().removeIf((count) -> count == 0);
		return losses;
	}

	private long counted(String outcome, TlsShutdownPolicy policy) {
		return this.registry.get("tls.shutdown")
			.tags("outcome", outcome, "policy", policy.name().toLowerCase())
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	private Map<String, Long> recent(TlsShutdownPolicy policy) {
		return shown().getRecent()
			.stream()
			.filter((end) -> end.getPolicy().equals(policy.name().toLowerCase()))
			.collect(Collectors.groupingBy((end) -> end.getOutcome(), TreeMap::new, Collectors.counting()));
	}

	private TlsShutdownDescriptor shown() {
		return this.server.context().getBean(TlsShutdownEndpoint.class).tlsShutdown(null, null);
	}

	/**
	 * The meters and the endpoint.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Observers {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		TlsShutdownMetrics metrics(MeterRegistry registry) {
			return new TlsShutdownMetrics(() -> registry, new DefaultTlsShutdownTagsConvention());
		}

		@Bean
		TlsShutdownRecorder recorder() {
			return new TlsShutdownRecorder(100);
		}

		@Bean
		TlsShutdownEndpoint endpoint(TlsShutdownRecorder recorder, ApplicationEventPublisher publisher) {
			return new TlsShutdownEndpoint(recorder, List.of(), Show.NEVER, publisher);
		}

	}

}
