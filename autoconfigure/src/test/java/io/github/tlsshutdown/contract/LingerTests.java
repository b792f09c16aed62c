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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.Upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Answers to clients that are still sending when the server closes. A server that just
 * closes resets the connection, and the client loses what it has not read yet.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LingerTests {

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start("tls.shutdown.timeout=20s", Upload.MAX_SWALLOW_SIZE);
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("TLSv1.2", "TLSv1.3").map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void answerArrivesWholeDuringUpload(TlsShutdownPolicy policy, String protocol) throws IOException {
		for (int i = 0; i < 20; i++) {
			int answer = (i % 2 == 0) ? 100_000 : 400_000;
			try (TlsPeer peer = connect(policy, protocol)) {
				Upload.sendMuch(peer, answer);
				Upload.assertAnswered(this.server, peer, policy, answer);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void answerArrivesWholeThoughSocketWasEmptyAtTheClose(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		for (Upload upload : Upload.values()) {
			try (TlsPeer peer = connect(policy, protocol)) {
				upload.begin(peer);
				awaitClose();
				upload.goOn(peer);
				Upload.assertAnswered(this.server, peer, policy, Upload.ANSWER);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void lastAnswerArrivesWholeThoughMoreRequestsCome(TlsShutdownPolicy policy, String protocol) throws IOException {
		String request = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
		byte[] more = request.repeat(5000).getBytes(StandardCharsets.US_ASCII);
		for (int round = 0; round < 3; round++) {
			try (TlsPeer peer = connect(policy, protocol)) {
				peer.send(request.replace("/hello", "/bye?size=" + Upload.ANSWER) + request);
				for (int i = 0; i < 20; i++) {
					peer.send(more);
				}
				Upload.assertAnswered(this.server, peer, policy, Upload.ANSWER);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "QUIET" })
	void clientThatHasSentItsBodyIsNotWaitedFor(TlsShutdownPolicy policy) throws IOException {
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = connect(policy, protocol)) {
				peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
				peer.readResponse("read");
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.duration()).isLessThan(Duration.ofSeconds(5));
				assertThat(event.discardedBytes()).isZero();
			}
		}
	}

	@Test
	void clientThatResetsDuringUploadIsToldOf() throws IOException {
		for (int i = 0; i < 8; i++) {
			TlsPeer peer = connect(TlsShutdownPolicy.BIDIRECTIONAL, "TLSv1.3");
			int port = peer.localPort();
			Upload.sendMuch(peer, Upload.ANSWER);
			peer.reset();
			assertThat(this.server.recorder().awaitEvent(port).outcome()).isEqualTo(TlsShutdownOutcome.RESET);
		}
	}

	/**
	 * Nothing follows a fatal alert, so there is nothing to wait for.
	 */
	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatFailsDuringUploadIsNotWaitedFor(TlsShutdownPolicy policy, String protocol) throws IOException {
		try (TlsPeer peer = connect(policy, protocol)) {
			beginUpload(peer);
			awaitClose();
			peer.sendFatalAlert();
			assertEndedByFatalAlert(peer, policy);
		}
	}

	/**
	 * The alert comes at any time: while the server handles the request, while it closes,
	 * or after that.
	 */
	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatFailsBehindTheBeginningOfItsUploadIsNotWaitedFor(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		for (int i = 0; i < 20; i++) {
			try (TlsPeer peer = connect(policy, protocol)) {
				beginUpload(peer);
				peer.sendFatalAlert();
				assertEndedByFatalAlert(peer, policy);
			}
		}
	}

	private static void beginUpload(TlsPeer peer) throws IOException {
		peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + Upload.SIZE + "\r\n\r\n"
				+ "x".repeat(4000));
	}

	private void assertEndedByFatalAlert(TlsPeer peer, TlsShutdownPolicy policy) {
		TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
		assertThat(event.duration()).isLessThan(Duration.ofSeconds(5));
		if (event.initiator() == TlsShutdownInitiator.PEER) {
			// The alert came before the close
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event.closeNotifySent()).isFalse();
		}
		else {
			assertThat(event.outcome()).isEqualTo(switch (policy) {
				case UNIDIRECTIONAL -> TlsShutdownOutcome.SENT;
				case BIDIRECTIONAL -> TlsShutdownOutcome.FAILED;
				case QUIET -> TlsShutdownOutcome.QUIET;
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void curlThatUploadsGetsTheAnswer(TlsShutdownPolicy policy, @TempDir Path directory) throws Exception {
		this.server.usePolicy(policy);
		Path body = Files.write(directory.resolve("body"), new byte[Upload.MUCH]);
		for (int i = 0; i < 5; i++) {
			Process curl = new ProcessBuilder("curl", "--silent", "--insecure", "--http1.1", "--max-time", "20",
					"--header", "Expect:", "--data-binary", "@" + body, "--output", "/dev/null", "--write-out",
					"%{exitcode} %{http_code} %{size_download}",
					"https://127.0.0.1:" + this.server.port() + "/reject?size=" + Upload.ANSWER)
				.start();
			String result = new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
			assertThat(result).isEqualTo("0 413 " + Upload.ANSWER);
		}
	}

	private void awaitClose() {
		await().atMost(Duration.ofSeconds(20)).until(() -> this.server.openConnections() == 0);
	}

	private TlsPeer connect(TlsShutdownPolicy policy, String protocol) throws IOException {
		this.server.usePolicy(policy);
		return TlsPeer.connect(this.server.port(), protocol);
	}

}
