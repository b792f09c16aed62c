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

	private TestServer server;

	private TlsPeer busy;

	private TlsPeer idle;

	private CompletableFuture<Void> stop;

	@AfterEach
	void leave() throws IOException {
		for (TlsPeer peer : this.peers) {
			peer.close();
		}
		this.stopping.shutdownNow();
	}

	@Test
	void itMaySendItsRequest() throws Exception {
		start();
		TlsPeer fresh = connect();
		beginToStop();
		assertAnswered(fresh);
		assertStopsAfterResponse();
	}

	@ParameterizedTest
	@EnumSource
	void itIsNotWaitedForLongerThanItsTimeout(TlsShutdownPolicy policy) throws Exception {
		start(IMPATIENT, "tls.shutdown.policy=" + policy);
		TlsPeer fresh = connect();
		beginToStop();
		GracefulStopTests.endsByPolicy(fresh, policy);
		assertStopsAfterResponse();
	}

	@Test
	void handshakeThatIsCompletedLateMayBeFollowedByItsRequest() throws Exception {
		start();
		TlsPeer late = connectLate(new SSLParameters());
		beginToStop();
		assertAnswered(late);
		assertStopsAfterResponse();
	}

	@ParameterizedTest
	@EnumSource
	void handshakeThatIsCompletedLateIsNotWaitedForLongerThanItsTimeout(TlsShutdownPolicy policy) throws Exception {
		start(IMPATIENT, "tls.shutdown.policy=" + policy);
		TlsPeer late = connectLate(new SSLParameters());
		beginToStop();
		late.sendRaw(new byte[0]);
		GracefulStopTests.endsByPolicy(late, policy);
		assertStopsAfterResponse();
	}

	@ParameterizedTest
	@EnumSource
	void http2ConnectionGetsGoAwayAndEnds(TlsShutdownPolicy policy) throws Exception {
		start(IMPATIENT, "server.http2.enabled=true", "tls.shutdown.policy=" + policy);
		SSLParameters http2 = new SSLParameters();
		http2.setApplicationProtocols(new String[] { "h2" });
		Http2Peer fresh = Http2Peer.connect(this.server.port(), "TLSv1.3", 0);
		keep(fresh.tls());
		TlsPeer late = connectLate(http2);
		beginToStop();
		assertGoesAway(fresh, policy);
		// Says nothing: the server may be gone before it has read that
		late.sendRaw(new byte[0]);
		GracefulStopTests.endsByPolicy(late, policy);
		assertStopsAfterResponse();
	}

	private void assertGoesAway(Http2Peer peer, TlsShutdownPolicy policy) throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.goAways()).isNotEmpty().allSatisfy((goAway) -> assertThat(goAway.errorCode()).isZero());
		GracefulStopTests.endsByPolicy(peer.tls(), policy);
		assertThat(this.server.recorder().awaitEvent(peer.tls().localPort()).outcome())
			.isEqualTo(GracefulStopTests.outcome(policy));
	}

	private static void assertAnswered(TlsPeer peer) throws IOException {
		peer.get("/hello");
		assertThat(GracefulStopTests.responseOf(peer, "hello")).contains("connection: close");
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
	}

	// One connection is busy, and another idle
	private void start(String... properties) throws IOException {
		this.server = GracefulStopTests.start(properties);
		this.busy = connect();
		this.busy.get("/gate/length");
		await().until(() -> GracefulStopTests.gate(this.server).waiting() == 1);
		this.idle = connect();
		this.idle.get("/hello");
		GracefulStopTests.responseOf(this.idle, "hello");
	}

	private void beginToStop() throws IOException {
		this.stop = CompletableFuture.runAsync(this.server::close, this.stopping);
		assertThat(this.idle.awaitEnd()).isEqualTo(End.FIN);
	}

	// The others have not waited for this one
	private void assertStopsAfterResponse() throws Exception {
		assertThat(this.stop).isNotDone();
		GracefulStopTests.gate(this.server).open();
		GracefulStopTests.responseOf(this.busy, "length");
		this.stop.get(20, TimeUnit.SECONDS);
	}

	// The server's message is the last of this handshake: it is complete on both sides
	private TlsPeer connect() throws IOException {
		return keep(TlsPeer.connect(this.server.port(), "TLSv1.2"));
	}

	// The handshake ends with what the peer sends next
	private TlsPeer connectLate(SSLParameters parameters) throws IOException {
		return keep(TlsPeer.connectHolding(this.server.port(), "TLSv1.3", TlsPeer.newContext(), parameters));
	}

	private TlsPeer keep(TlsPeer peer) {
		this.peers.add(peer);
		return peer;
	}

}
