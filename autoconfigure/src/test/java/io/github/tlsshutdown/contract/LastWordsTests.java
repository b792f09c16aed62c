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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What either side says last, when the other one is busy with something else.
 */
class LastWordsTests {

	private static final int TIMES = 5;

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private static final byte[] PART = new byte[100_000];

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> PROTOCOLS.stream().map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@EnumSource
	void clientWithoutCertificateThatUploadsIsTold(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "server.ssl.client-auth=need",
				"server.ssl.trust-store=file:" + TestCertificate.trustStore(),
				"server.ssl.trust-store-password=" + TestCertificate.PASSWORD)) {
			for (int time = 0; time < TIMES; time++) {
				// Only then the client has done its part before the server looks at it
				try (TlsPeer peer = TlsPeer.connectHolding(server.port(), "TLSv1.3", TlsPeer.newContext())) {
					// More than the server reads at once
					ByteArrayOutputStream beginning = new ByteArrayOutputStream();
					beginning
						.write(peer.encrypt("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n"
							.getBytes(StandardCharsets.US_ASCII)));
					for (int i = 0; i < 10; i++) {
						beginning.write(peer.encrypt(new byte[10_000]));
					}
					peer.sendRaw(beginning.toByteArray());
					awaitClose(server);
					for (int sent = 10 * 10_000; sent < 8_000_000; sent += PART.length) {
						peer.send(PART);
					}
					assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
					assertThat(peer.fatal()).hasMessageMatching("(?s).*(bad_certificate|certificate_required).*");
					peer.sendFin();
					TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
					assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void plainHttpWithLargeBodyIsAnswered(TlsShutdownPolicy policy) throws IOException {
		Assumptions.assumeFalse(TestServer.answerToPlainHttp().isEmpty());
		try (TestServer server = start(policy)) {
			for (int i = 0; i < TIMES; i++) {
				try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
					socket.setSoTimeout(20_000);
					// More than the server reads at once
					socket.getOutputStream()
						.write(("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n"
								+ "x".repeat(PART.length))
							.getBytes(StandardCharsets.US_ASCII));
					int first = socket.getInputStream().read();
					awaitClose(server);
					for (int sent = PART.length; sent < 30_000_000; sent += PART.length) {
						socket.getOutputStream().write(PART);
					}
					assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
						.startsWith("TTP/1.1 400")
						.contains("requires TLS");
					assertThat(first).isEqualTo('H');
					int port = socket.getLocalPort();
					socket.shutdownOutput();
					TlsShutdownEvent event = server.recorder().awaitEvent(port);
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
					assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void brokenRecordInTheMiddleOfAnUploadIsAnsweredByFatalAlert(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		try (TestServer server = start(policy)) {
			for (int i = 0; i < TIMES; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
					peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n");
					byte[] broken = peer.encrypt(new byte[100]);
					broken[broken.length - 1] ^= 1;
					ByteArrayOutputStream beginning = new ByteArrayOutputStream();
					beginning.write(broken);
					// More than the server reads at once
					for (int record = 0; record < 10; record++) {
						beginning.write(peer.encrypt(new byte[10_000]));
					}
					peer.sendRaw(beginning.toByteArray());
					for (int sent = 0; sent < 8_000_000; sent += PART.length) {
						peer.send(PART);
					}
					assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
					assertThat(peer.fatal()).hasMessageContaining("bad_record_mac");
					peer.sendFin();
					TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
					assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
					assertThat(event.closeNotifySent()).isFalse();
				}
			}
		}
	}

	private static TestServer start(TlsShutdownPolicy policy, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 2);
		all[properties.length] = "tls.shutdown.policy=" + policy;
		all[properties.length + 1] = "tls.shutdown.timeout=20s";
		return TestServer.start(all);
	}

	private static void awaitClose(TestServer server) {
		await().atMost(Duration.ofSeconds(20)).until(() -> server.openConnections() == 0);
	}

}
