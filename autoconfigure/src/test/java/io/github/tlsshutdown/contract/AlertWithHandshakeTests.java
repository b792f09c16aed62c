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

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients whose last words come together with the end of their handshake, and often with
 * their FIN: those that only look at the certificate, and those that ask once.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AlertWithHandshakeTests {

	/** What the server reads in which order is a matter of luck. */
	private static final int TIMES = 10;

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start("tls.shutdown.timeout=20s");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesHandshakesAndFins() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of(Handshake.values())
				.flatMap((handshake) -> Stream.of(true, false).map((fin) -> Arguments.of(policy, handshake, fin))));
	}

	private TlsPeer connect(Handshake handshake) throws IOException {
		return handshake.connect(this.server.port());
	}

	@ParameterizedTest
	@MethodSource("policiesHandshakesAndFins")
	void closeNotifyIsReceived(TlsShutdownPolicy policy, Handshake handshake, boolean fin) throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = connect(handshake)) {
				send(peer, peer.encryptCloseNotify(), fin);
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
				assertCompleted(peer, policy);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesHandshakesAndFins")
	void fatalAlertIsReceived(TlsShutdownPolicy policy, Handshake handshake, boolean fin) throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = connect(handshake)) {
				send(peer, peer.encryptFatalAlert(), fin);
				peer.awaitFinOrReset();
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
				assertThat(event.closeNotifySent()).isFalse();
				assertThat(event.protocol()).isEqualTo(handshake.protocol);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesHandshakesAndFins")
	void requestWithCloseNotifyIsServed(TlsShutdownPolicy policy, Handshake handshake, boolean fin) throws IOException {
		if (handshake == Handshake.RESUMED_TLS_1_2) {
			// Whoever sends close_notify there has ended both directions
			return;
		}
		this.server.usePolicy(policy);
		for (String path : List.of("/bye", "/hello")) {
			for (int i = 0; i < TIMES; i++) {
				try (TlsPeer peer = connect(handshake)) {
					byte[] request = peer.encrypt(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
						.getBytes(StandardCharsets.US_ASCII));
					send(peer, Arrays.concatenate(request, peer.encryptCloseNotify()), fin);
					assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
					assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + path.substring(1));
					assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
					assertCompleted(peer, policy);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void requestWithCloseNotifyAndFinAfterTheHandshakeIsServed(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
				peer.get("/hello");
				peer.readResponse("hello");
				byte[] request = peer
					.encrypt("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				send(peer, Arrays.concatenate(request, peer.encryptCloseNotify()), true);
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.receivedText()).endsWith("\r\n\r\nhello");
				assertCompleted(peer, policy);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "UNIDIRECTIONAL, -tls1_2", "UNIDIRECTIONAL, -tls1_3", "BIDIRECTIONAL, -tls1_2",
			"BIDIRECTIONAL, -tls1_3", "QUIET, -tls1_2", "QUIET, -tls1_3" })
	void opensslThatOnlyLooksAtTheCertificateCompletes(TlsShutdownPolicy policy, String protocol) throws Exception {
		this.server.usePolicy(policy);
		int before = this.server.recorder().events().size();
		for (int i = 0; i < 2 * TIMES; i++) {
			Process process = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + this.server.port(),
					protocol)
				.redirectInput(new File("/dev/null"))
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isZero();
		}
		this.server.recorder().awaitTotal(before + 2 * TIMES);
		assertThat(this.server.recorder().events().subList(before, before + 2 * TIMES))
			.allSatisfy((event) -> PolicyAssertions.assertCompletedByPeer(event, policy));
	}

	private void assertCompleted(TlsPeer peer, TlsShutdownPolicy policy) {
		PolicyAssertions.assertCompletedByPeer(this.server.recorder().awaitEvent(peer.localPort()), policy);
	}

	private static void send(TlsPeer peer, byte[] records, boolean fin) throws IOException {
		peer.sendRaw(records);
		if (fin) {
			peer.sendFin();
		}
	}

	/**
	 * Handshakes whose last message is the client's.
	 */
	enum Handshake {

		FULL_TLS_1_3("TLSv1.3"), RESUMED_TLS_1_3("TLSv1.3"), RESUMED_TLS_1_2("TLSv1.2");

		private final String protocol;

		Handshake(String protocol) {
			this.protocol = protocol;
		}

		TlsPeer connect(int port) throws IOException {
			SSLContext context = TlsPeer.newContext();
			if (this != FULL_TLS_1_3) {
				try (TlsPeer first = TlsPeer.connect(port, this.protocol, context, 0)) {
					first.get("/bye");
					first.awaitEnd();
				}
			}
			return TlsPeer.connectHolding(port, this.protocol, context);
		}

	}

}
