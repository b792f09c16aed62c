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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.Upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is not waited for, and how long those are that go on sending.
 */
class LingerLimitsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private static final String BODY = " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void peersThatAreNotSendingAreNotWaitedFor(TlsShutdownPolicy policy) throws IOException {
		List<String> requests = List.of("GET /bye HTTP/1.1\r\nHost: localhost\r\n\r\n",
				"GET /bye?size=400000 HTTP/1.0\r\n\r\n",
				// Read by the application, or by Tomcat in its place
				"POST /read" + BODY + "\r\n" + "x".repeat(100), "POST /bye" + BODY + "\r\n" + "x".repeat(100),
				"POST /read HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
				"POST /bye HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
		try (TestServer server = start(policy, "tls.shutdown.timeout=" + TIMEOUT.toMillis())) {
			for (String protocol : PROTOCOLS) {
				for (String request : requests) {
					try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
						peer.send(request);
						// The peer does not even read
						assertEndedAtOnce(server.recorder().awaitEvent(peer.localPort()), policy);
						assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
						assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
						assertThat(peer.undecryptedBytes()).isZero();
					}
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void bodyThatClientSendsWhenToldToGoOnIsReadToItsEnd(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "tls.shutdown.timeout=" + TIMEOUT.toMillis());
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("POST /read" + BODY + "Expect: 100-continue\r\n\r\n");
			peer.readResponse("");
			peer.send("x".repeat(100));
			assertEndedAtOnce(server.recorder().awaitEvent(peer.localPort()), policy);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void idleClientOfHttp2IsNotWaitedFor(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "tls.shutdown.timeout=" + TIMEOUT.toMillis(),
				"server.http2.enabled=true", "server.tomcat.keep-alive-timeout=1s");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			int stream = peer.post("/read");
			int endStream = 1;
			peer.send(Http2Peer.DATA, endStream, stream, new byte[1000]);
			peer.readResponse(stream);
			assertEndedAtOnce(server.recorder().awaitEvent(peer.tls().localPort()), policy);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void withoutLingeringTheAnswerIsLostAsBefore(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "tls.shutdown.linger=false")) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				Upload.WITH_LENGTH.begin(peer);
				await().until(() -> server.openConnections() == 0);
				try {
					Upload.WITH_LENGTH.goOn(peer);
					assertThat(peer.awaitFinOrReset()).isEqualTo(End.RST);
				}
				catch (IOException ex) {
					// It was reset while it was sending
				}
				assertEndedAtOnce(server.recorder().awaitEvent(peer.localPort()), policy);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void uploadThatStopsIsWaitedForAsLongAsSilenceIsAllowed(TlsShutdownPolicy policy) throws IOException {
		Duration timeout = Duration.ofSeconds(2);
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = start(policy, "tls.shutdown.timeout=" + timeout.toMillis())) {
			for (Upload upload : Upload.values()) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
				peers.add(peer);
				upload.begin(peer);
			}
			for (TlsPeer peer : peers) {
				TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
				assertThat(event.duration()).isBetween(timeout, TIMEOUT);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				assertThat(event.closeNotifySent()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			}
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void uploadThatStopsWithFinIsNotWaitedForAnyLonger(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "tls.shutdown.timeout=" + TIMEOUT.toMillis())) {
			for (Upload upload : Upload.values()) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					upload.begin(peer);
					await().until(() -> server.recorder().connector().getPending() == 1);
					peer.sendFin();
					TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
					assertThat(event.duration()).isLessThan(TIMEOUT);
					assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void uploadWithoutEndIsWaitedForNoLongerThanMaxWait(TlsShutdownPolicy policy) throws IOException {
		Duration maxWait = Duration.ofSeconds(2);
		try (TestServer server = start(policy, "tls.shutdown.timeout=2s", "tls.shutdown.max-wait=" + maxWait.toMillis(),
				"tls.shutdown.max-discard=1TB")) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				uploadWithoutEnd(peer);
				TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
				assertThat(event.duration()).isBetween(maxWait, TIMEOUT);
				assertThat(event.discardedBytes()).isPositive();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void uploadWithoutEndIsEndedByMaxDiscard(TlsShutdownPolicy policy) throws IOException {
		int limit = 1024 * 1024;
		try (TestServer server = start(policy, "tls.shutdown.timeout=20s", "tls.shutdown.max-wait=20s",
				"tls.shutdown.max-discard=1MB")) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				uploadWithoutEnd(peer);
				TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.OVERFLOW);
				assertThat(event.discardedBytes()).isBetween(limit + 1L, 2L * limit);
			}
		}
	}

	@Test
	void noMoreUploadsAreWaitedForThanMaxPending() throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL, "tls.shutdown.max-pending=1",
				"tls.shutdown.timeout=20s");
				TlsPeer first = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer second = TlsPeer.connect(server.port(), "TLSv1.3")) {
			Upload.WITH_LENGTH.begin(first);
			await().until(() -> server.recorder().connector().getPending() == 1);
			Upload.WITH_LENGTH.begin(second);
			TlsShutdownEvent event = server.recorder().awaitEvent(second.localPort());
			assertThat(event.duration()).isLessThan(Duration.ofSeconds(10));
			assertThat(event.closeNotifySent()).isTrue();
			assertThat(server.recorder().connector().getPending()).isEqualTo(1);
		}
	}

	private static void assertEndedAtOnce(TlsShutdownEvent event, TlsShutdownPolicy policy) {
		assertThat(event.outcome())
			.isEqualTo((policy == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET : TlsShutdownOutcome.SENT);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.duration()).isLessThan(Duration.ofSeconds(5));
	}

	private static void uploadWithoutEnd(TlsPeer peer) {
		Thread thread = new Thread(() -> {
			try {
				peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + Long.MAX_VALUE + "\r\n\r\n");
				while (true) {
					peer.send(new byte[16_000]);
				}
			}
			catch (IOException ex) {
				// The server, or the test, has ended the connection
				Thread.currentThread().interrupt();
			}
		}, "upload");
		thread.setDaemon(true);
		thread.start();
	}

	private static TestServer start(TlsShutdownPolicy policy, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("tls.shutdown.policy=" + policy);
		all.add(Upload.MAX_SWALLOW_SIZE);
		return TestServer.start(all.toArray(String[]::new));
	}

}
