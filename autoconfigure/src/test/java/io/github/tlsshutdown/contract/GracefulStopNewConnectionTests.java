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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What connections without a request see when the server begins to stop gracefully, while
 * it still handles a request of another.
 */
class GracefulStopNewConnectionTests {

	private static final String IMPATIENT = "tls.shutdown.timeout=300ms";

	private final List<TlsPeer> peers = new ArrayList<>();

	private final ExecutorService stopping = Executors.newSingleThreadExecutor();

	@AfterEach
	void leave() throws IOException {
		for (TlsPeer peer : this.peers) {
			peer.close();
		}
		this.stopping.shutdownNow();
	}

	@Test
	void itMaySendItsRequest() throws Exception {
		TestServer server = GracefulStopTests.start();
		TlsPeer busy = busy(server);
		TlsPeer idle = idle(server);
		TlsPeer fresh = connect(server);
		CompletableFuture<Void> stop = stop(server);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		assertAnswered(fresh);
		assertStopsAfterResponse(server, busy, stop);
	}

	@ParameterizedTest
	@EnumSource
	void itIsNotWaitedForLongerThanItsTimeout(TlsShutdownPolicy policy) throws Exception {
		TestServer server = GracefulStopTests.start(IMPATIENT, "tls.shutdown.policy=" + policy);
		TlsPeer busy = busy(server);
		TlsPeer fresh = connect(server);
		CompletableFuture<Void> stop = stop(server);
		GracefulStopTests.endsByPolicy(fresh, policy);
		assertStopsAfterResponse(server, busy, stop);
	}

	@Test
	void handshakeThatIsCompletedLateMayBeFollowedByItsRequest() throws Exception {
		TestServer server = GracefulStopTests.start();
		TlsPeer busy = busy(server);
		TlsPeer idle = idle(server);
		TlsPeer late = connectLate(server, new SSLParameters());
		CompletableFuture<Void> stop = stop(server);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		assertAnswered(late);
		assertStopsAfterResponse(server, busy, stop);
	}

	@ParameterizedTest
	@EnumSource
	void handshakeThatIsCompletedLateIsNotWaitedForLongerThanItsTimeout(TlsShutdownPolicy policy) throws Exception {
		TestServer server = GracefulStopTests.start(IMPATIENT, "tls.shutdown.policy=" + policy);
		TlsPeer busy = busy(server);
		TlsPeer idle = idle(server);
		TlsPeer late = connectLate(server, new SSLParameters());
		CompletableFuture<Void> stop = stop(server);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		late.sendRaw(new byte[0]);
		GracefulStopTests.endsByPolicy(late, policy);
		assertStopsAfterResponse(server, busy, stop);
	}

	@ParameterizedTest
	@EnumSource
	void http2ConnectionGetsGoAwayAndEnds(TlsShutdownPolicy policy) throws Exception {
		TestServer server = GracefulStopTests.start(IMPATIENT, "server.http2.enabled=true",
				"tls.shutdown.policy=" + policy);
		SSLParameters http2 = new SSLParameters();
		http2.setApplicationProtocols(new String[] { "h2" });
		TlsPeer busy = busy(server);
		TlsPeer idle = idle(server);
		Http2Peer fresh = Http2Peer.connect(server.port(), "TLSv1.3", 0);
		keep(fresh.tls());
		TlsPeer late = connectLate(server, http2);
		CompletableFuture<Void> stop = stop(server);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		assertGoesAway(server, fresh, policy);
		assertGoesAway(server, Http2Peer.over(late), policy);
		assertStopsAfterResponse(server, busy, stop);
	}

	private static void assertGoesAway(TestServer server, Http2Peer peer, TlsShutdownPolicy policy) throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.goAways()).isNotEmpty().allSatisfy((goAway) -> assertThat(goAway.errorCode()).isZero());
		GracefulStopTests.endsByPolicy(peer.tls(), policy);
		assertThat(server.recorder().awaitEvent(peer.tls().localPort()).outcome())
			.isEqualTo(GracefulStopTests.outcome(policy));
	}

	private static void assertAnswered(TlsPeer peer) throws IOException {
		peer.get("/hello");
		assertThat(GracefulStopTests.responseOf(peer, "hello")).contains("connection: close");
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
	}

	// The others have not waited for this one
	private static void assertStopsAfterResponse(TestServer server, TlsPeer busy, CompletableFuture<Void> stop)
			throws Exception {
		assertThat(stop).isNotDone();
		GracefulStopTests.gate(server).open();
		GracefulStopTests.responseOf(busy, "length");
		stop.get(20, TimeUnit.SECONDS);
	}

	private CompletableFuture<Void> stop(TestServer server) {
		return CompletableFuture.runAsync(server::close, this.stopping);
	}

	private TlsPeer busy(TestServer server) throws IOException {
		TlsPeer peer = connect(server);
		peer.get("/gate/length");
		await().until(() -> GracefulStopTests.gate(server).waiting() == 1);
		return peer;
	}

	private TlsPeer idle(TestServer server) throws IOException {
		TlsPeer peer = connect(server);
		peer.get("/hello");
		GracefulStopTests.responseOf(peer, "hello");
		return peer;
	}

	private TlsPeer connect(TestServer server) throws IOException {
		return keep(TlsPeer.connect(server.port(), "TLSv1.2"));
	}

	// The handshake ends with what the peer sends next
	private TlsPeer connectLate(TestServer server, SSLParameters parameters) throws IOException {
		return keep(TlsPeer.connectHolding(server.port(), "TLSv1.3", TlsPeer.newContext(), parameters));
	}

	private TlsPeer keep(TlsPeer peer) {
		this.peers.add(peer);
		return peer;
	}

}
