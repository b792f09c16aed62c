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

package io.github.tlsshutdown.jetty;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.jetty.JettyWebServer;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the streams of an HTTP/2 connection mean for its end: whom the server lingers for,
 * and who lost something.
 */
@TestInstance(Lifecycle.PER_CLASS)
class StreamsTests {

	/** Longer than a client may take to say what it has read. */
	private static final Duration IDLE = Duration.ofMillis(1500);

	private static final int WINDOW_UPDATE = 8;

	private static final int RST_STREAM = 3;

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start("server.http2.enabled=true", TestServer.idleTimeout(IDLE),
				"tls.shutdown.timeout=15s");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void peerThatIsIdleIsNotWaitedFor(TlsShutdownPolicy policy) throws IOException {
		try (Http2Peer peer = connect(policy)) {
			assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			// It leaves its own side open
			TlsShutdownEvent event = event(peer);
			assertThat(event.duration()).isLessThan(Duration.ofSeconds(2));
			assertThat(event.unread()).isEqualTo(TlsShutdownUnread.NONE);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void responseToClientThatStillSaysWhatItHasReadArrivesWhole(TlsShutdownPolicy policy) throws IOException {
		int size = 400_000;
		for (int i = 0; i < 5; i++) {
			this.server.usePolicy(policy);
			try (Http2Peer peer = Http2Peer.connect(this.server.port(), "TLSv1.3", 16_384)) {
				int stream = peer.get("/hello?size=" + size);
				peer.readSomeDataOf(stream);
				peer.sendGoAway();
				await().atMost(Duration.ofSeconds(10)).until(() -> this.server.openConnections() == 0);
				peer.send(WINDOW_UPDATE, 0, 0, new byte[] { 0, 0, 1, 0 });
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.dataOf(stream)).isEqualTo(size);
				assertThat(peer.endedStreams()).contains(stream);
				peer.tls().sendFin();
				assertThat(event(peer).unread()).isEqualTo(TlsShutdownUnread.DRAINED);
				assertThat(event(peer).truncated()).isNull();
			}
		}
	}

	static Stream<Arguments> leaving() {
		return Stream.of(true, false)
			.flatMap((reset) -> Stream.of(Arguments.of(reset, "GET", 20_000_000), Arguments.of(reset, "POST", 1000)));
	}

	@ParameterizedTest
	@MethodSource("leaving")
	void clientThatVanishesInTheMiddleOfAStreamTruncates(boolean reset, String method, int size) throws IOException {
		Http2Peer peer = connect(TlsShutdownPolicy.UNIDIRECTIONAL);
		int whole = peer.get("/hello?size=1000");
		assertThat(peer.readResponse(whole)).isEqualTo(1000);
		if (method.equals("GET")) {
			peer.readSomeDataOf(peer.get("/hello?size=" + size));
		}
		else {
			int stream = peer.post("/read");
			peer.send(Http2Peer.DATA, 0, stream, new byte[size]);
			await().until(this::isHandling);
		}
		assertThat(leave(peer, reset).truncated()).isEqualTo(TlsShutdownInitiator.PEER);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatHasGotEverythingLosesNothing(TlsShutdownPolicy policy) throws IOException {
		for (int i = 0; i < 10; i++) {
			Http2Peer peer = connect(policy);
			int upload = peer.post("/read");
			peer.send(Http2Peer.DATA, 1, upload, new byte[1000]);
			peer.readResponse(upload);
			assertThat(peer.readResponse(peer.get("/hello?size=100000"))).isEqualTo(100_000);
			TlsShutdownEvent event = leave(peer, i % 2 == 0);
			assertThat(event.truncated()).as(event.toString()).isNull();
			assertThat(event.unread()).isEqualTo(TlsShutdownUnread.NONE);
		}
	}

	@Test
	void clientThatGivesUpAStreamAndLeavesLaterLosesNothing() throws IOException {
		Http2Peer peer = connect(TlsShutdownPolicy.UNIDIRECTIONAL);
		int stream = peer.get("/hello?size=20000000");
		peer.readSomeDataOf(stream);
		int cancel = 8;
		peer.send(RST_STREAM, 0, stream, new byte[] { 0, 0, 0, (byte) cancel });
		assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
		// Whoever writes to a stream that was given up learns of that on another thread
		await().until(() -> !isHandling());
		assertThat(leave(peer, false).truncated()).isNull();
	}

	private boolean isHandling() {
		return Stream.of(((JettyWebServer) this.server.webServer()).getServer().getConnectors())
			.flatMap((connector) -> connector.getConnectedEndPoints().stream())
			.map(EndPoint::getConnection)
			.anyMatch((connection) -> connection instanceof TlsShutdownSslConnection tls
					&& tls.signs().requests().isHandling());
	}

	private Http2Peer connect(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		return Http2Peer.connect(this.server.port(), "TLSv1.3", 0);
	}

	private TlsShutdownEvent event(Http2Peer peer) {
		return this.server.recorder().awaitEvent(peer.tls().localPort());
	}

	private TlsShutdownEvent leave(Http2Peer peer, boolean reset) throws IOException {
		int port = peer.tls().localPort();
		if (reset) {
			peer.tls().reset();
			return this.server.recorder().awaitEvent(port);
		}
		try (peer) {
			peer.tls().sendFin();
			return this.server.recorder().awaitEvent(port);
		}
	}

}
