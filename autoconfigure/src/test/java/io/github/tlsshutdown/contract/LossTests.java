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
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Who lost something, and who decided: what an event says beside its outcome.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LossTests {

	private static final int UPLOAD = 3_000_000;

	private static final byte[] PART = new byte[16_000];

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start("tls.shutdown.timeout=20s", "tls.shutdown.rules[0].server-name=other.test",
				"tls.shutdown.rules[0].policy=quiet", "tls.shutdown.rules[1].protocol=TLSv1.2",
				"tls.shutdown.rules[1].policy=quiet");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesAndEnds() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of(true, false).map((reset) -> Arguments.of(policy, reset)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndEnds")
	void clientThatLeavesAnIdleConnectionLosesNothing(TlsShutdownPolicy policy, boolean reset) throws IOException {
		TlsPeer peer = connect(policy);
		peer.get("/hello");
		peer.readResponse("hello");
		TlsShutdownEvent event = leave(peer, reset);
		assertThat(event.truncated()).isNull();
		assertThat(event.unread()).isEqualTo(TlsShutdownUnread.NONE);
	}

	@ParameterizedTest
	@MethodSource("policiesAndEnds")
	void clientThatVanishesInItsUploadTruncates(TlsShutdownPolicy policy, boolean reset) throws IOException {
		TlsPeer peer = connect(policy);
		peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD
				+ "\r\nExpect: 100-continue\r\n\r\n");
		// A reset may overtake a request that nobody has read
		peer.readAtLeast("HTTP/1.1 100".length());
		peer.send(PART);
		assertThat(leave(peer, reset).truncated()).isEqualTo(TlsShutdownInitiator.PEER);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatVanishesInItsDownloadTruncates(TlsShutdownPolicy policy) throws IOException {
		TlsPeer peer = connect(policy);
		peer.get("/hello?size=20000000");
		peer.readAtLeast(100_000);
		assertThat(leave(peer, true).truncated()).isEqualTo(TlsShutdownInitiator.PEER);
	}

	@ParameterizedTest
	@EnumSource
	void refusedUploadIsDrained(TlsShutdownPolicy policy) throws IOException {
		TlsShutdownEvent event = refuse(policy);
		assertThat(event.truncated()).isNull();
		assertThat(event.unread()).isEqualTo(TlsShutdownUnread.DRAINED);
	}

	@Test
	void refusedUploadIsCutWithoutLingering() throws IOException {
		TlsShutdownConnector connector = this.server.recorder().connector();
		connector.setSettings(connector.getSettings().withLinger(false));
		try (TlsPeer peer = connect(TlsShutdownPolicy.UNIDIRECTIONAL)) {
			int port = peer.localPort();
			peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD + "\r\n\r\n");
			// Less than is declared, and more than any server reads of it
			assertThatIOException().isThrownBy(() -> {
				for (int sent = 0; sent < UPLOAD - PART.length; sent += PART.length) {
					peer.send(PART);
				}
				peer.awaitEnd();
				throw new IOException("The server has closed");
			});
			assertThat(this.server.recorder().awaitEvent(port).unread()).isEqualTo(TlsShutdownUnread.CUT);
		}
		finally {
			connector.setSettings(connector.getSettings().withLinger(true));
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseThatTheServerCutsIsTruncatedByIt(TlsShutdownPolicy policy) throws IOException {
		try (TlsPeer peer = connect(policy)) {
			peer.send("GET /bye HTTP/1.1\r\nHost: localhost\r\nPolicy: abort\r\n\r\n");
			peer.awaitEnd();
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.truncated()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	@Test
	void eventSaysWhoDecidedAndWhatWasNegotiated() throws IOException {
		try (TestServer fresh = TestServer.start("tls.shutdown.rules[0].server-name=other.test",
				"tls.shutdown.rules[0].policy=quiet", "tls.shutdown.rules[1].protocol=TLSv1.2",
				"tls.shutdown.rules[1].policy=quiet")) {
			assertThat(end(fresh, "TLSv1.3", "").decidedBy()).isEqualTo("property");
			assertThat(end(fresh, "TLSv1.2", "").decidedBy()).isEqualTo("rules[1]");
			TlsShutdownEvent byRequest = end(fresh, "TLSv1.3", "Policy: quiet\r\n");
			assertThat(byRequest.decidedBy()).isEqualTo("request");
			assertThat(byRequest.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
			assertThat(byRequest.cipherSuite()).startsWith("TLS_");
			fresh.usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
			assertThat(end(fresh, "TLSv1.3", "").decidedBy()).isEqualTo("endpoint");
		}
	}

	@Test
	void openConnectionsAreCountedUntilTheServerHasClosedThem() throws IOException {
		TlsShutdownConnector connector = this.server.recorder().connector();
		await().until(() -> connector.getOpen() == 0);
		try (TlsPeer peer = connect(TlsShutdownPolicy.UNIDIRECTIONAL)) {
			peer.get("/hello");
			peer.readResponse("hello");
			assertThat(connector.getOpen()).isOne();
			leave(peer, false);
			await().until(() -> connector.getOpen() == 0);
		}
	}

	private TlsShutdownEvent refuse(TlsShutdownPolicy policy) throws IOException {
		try (TlsPeer peer = connect(policy)) {
			peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD + "\r\n\r\n");
			for (int sent = 0; sent < UPLOAD; sent += PART.length) {
				peer.send(PART);
			}
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			peer.sendFin();
			return this.server.recorder().awaitEvent(peer.localPort());
		}
	}

	private TlsShutdownEvent end(TestServer server, String protocol, String header) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
			peer.send("GET /bye HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n");
			peer.awaitEnd();
			peer.sendCloseNotify();
			peer.sendFin();
			return server.recorder().awaitEvent(peer.localPort());
		}
	}

	private TlsPeer connect(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		return TlsPeer.connect(this.server.port(), "TLSv1.3");
	}

	private TlsShutdownEvent leave(TlsPeer peer, boolean reset) throws IOException {
		int port = peer.localPort();
		if (reset) {
			peer.reset();
			return this.server.recorder().awaitEvent(port);
		}
		try (peer) {
			peer.sendFin();
			return this.server.recorder().awaitEvent(port);
		}
	}

}
