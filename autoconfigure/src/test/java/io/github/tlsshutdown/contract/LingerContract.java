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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.Upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Answers to clients that are still sending when the server closes.
 */
public abstract class LingerContract {

	protected static final int UPLOAD = 30_000_000;

	protected static final int CHUNK = 100_000;

	protected static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> PROTOCOLS.stream().map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void twentyOfTwentyAnswersArriveWholeDuringUpload(TlsShutdownPolicy policy, String protocol) throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy)) {
			for (int i = 0; i < 20; i++) {
				assertAnsweredDuringUpload(server, policy, protocol, (i % 2 == 0) ? 100_000 : 400_000);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void answerArrivesWholeThoughSocketWasEmptyAtTheClose(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s")) {
			for (Upload upload : Upload.values()) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
					upload.begin(peer);
					awaitClose(server);
					upload.goOn(peer);
					assertAnswered(server, peer, policy, Upload.ANSWER);
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void lastAnswerArrivesWholeThoughMoreRequestsCome(TlsShutdownPolicy policy, String protocol) throws IOException {
		String request = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
		byte[] more = request.repeat(5000).getBytes(StandardCharsets.US_ASCII);
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s")) {
			for (int round = 0; round < 10; round++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
					peer.send(request.replace("/hello", "/bye?size=" + Upload.ANSWER) + request);
					for (int i = 0; i < 20; i++) {
						peer.send(more);
					}
					assertAnswered(server, peer, policy, Upload.ANSWER);
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatHasSentItsBodyIsNotWaitedFor(TlsShutdownPolicy policy, String protocol) throws IOException {
		if (policy == TlsShutdownPolicy.BIDIRECTIONAL) {
			return;
		}
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s");
				TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
			peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
			peer.readResponse("read");
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.duration()).isLessThan(Duration.ofSeconds(5));
			assertThat(event.discardedBytes()).isZero();
		}
	}

	protected static void assertAnsweredDuringUpload(TestServer server, TlsShutdownPolicy policy, String protocol,
			int answer) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
			peer.send("POST /reject?size=" + answer + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD
					+ "\r\n\r\n");
			for (int sent = 0; sent < UPLOAD; sent += CHUNK) {
				peer.send(new byte[CHUNK]);
			}
			assertAnswered(server, peer, policy, answer);
		}
	}

	private static void awaitClose(TestServer server) {
		await().atMost(Duration.ofSeconds(20)).until(() -> server.openConnections() == 0);
	}

	private static void assertAnswered(TestServer server, TlsPeer peer, TlsShutdownPolicy policy, int answer)
			throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.fatal()).isNull();
		assertThat(peer.undecryptedBytes()).isZero();
		assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		String text = peer.receivedText();
		int body = text.lastIndexOf("\r\n\r\n") + 4;
		assertThat(text.substring(0, body)).contains("HTTP/1.1 ");
		assertThat(text.length() - body).isEqualTo(answer);
		if (policy == TlsShutdownPolicy.QUIET) {
			peer.sendFin();
		}
		else {
			peer.sendCloseNotify();
		}
		TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.outcome()).isIn(switch (policy) {
			case UNIDIRECTIONAL -> List.of(TlsShutdownOutcome.SENT, TlsShutdownOutcome.COMPLETED);
			case BIDIRECTIONAL -> List.of(TlsShutdownOutcome.COMPLETED);
			case QUIET -> List.of(TlsShutdownOutcome.QUIET);
		});
		assertThat(event.closeNotifySent()).isEqualTo(policy != TlsShutdownPolicy.QUIET);

	}

}
