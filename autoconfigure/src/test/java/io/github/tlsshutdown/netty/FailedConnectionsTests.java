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

package io.github.tlsshutdown.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections on which TLS fails: whoever finds the failure is the first to close, tells
 * the other side by a fatal alert, and nobody says close_notify any more.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ParameterizedClass
@ValueSource(strings = { "JDK", "OPENSSL" })
class FailedConnectionsTests {

	/** What the server reads in which order is a matter of luck. */
	private static final int TIMES = 5;

	/** More than the socket buffers of both sides take. */
	private static final int LARGE = 100_000;

	@Parameter
	private String engine;

	private TestServer server;

	@BeforeParameterizedClassInvocation
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { SmallSendBuffer.class }, "test.engine=" + this.engine,
				"tls.shutdown.timeout=20s");
	}

	@AfterParameterizedClassInvocation
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("TLSv1.2", "TLSv1.3").map((protocol) -> Arguments.of(policy, protocol)));
	}

	static Stream<Arguments> policiesAndHandshakes() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of(Arguments.of(policy, "TLSv1.3", false),
					Arguments.of(policy, "TLSv1.3", true), Arguments.of(policy, "TLSv1.2", true)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void brokenRecordOnAnIdleConnectionIsFoundByTheServer(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		this.server.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
			peer.get("/hello");
			peer.readResponse("hello");
			peer.sendBrokenRecord();
			assertFoundByTheServer(peer);
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void brokenRecordBehindTheLastRequestIsFoundByTheServer(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
				// The first record of TLS 1.3 would be read alone
				peer.get("/hello");
				peer.readResponse("hello");
				peer.takeReceived();
				byte[] request = peer
					.encrypt("GET /bye HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				peer.sendRaw(Arrays.concatenate(request, peer.encryptBrokenRecord()));
				assertFoundByTheServer(peer);
				if (this.engine.equals("JDK")) {
					assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").endsWith("bye");
				}
				else {
					// Has read both at once, and encrypts nothing after its alert
					assertThat(peer.receivedText()).isEmpty();
				}
			}
		}
	}

	/**
	 * The server has no reason to read before it closes.
	 */
	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void brokenRecordDuringTheLastResponseIsFoundByTheServer(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol, TlsPeer.newContext(), 4096)) {
				peer.get("/bye?size=" + LARGE);
				peer.readAtLeast(1000);
				peer.sendBrokenRecord();
				assertFoundByTheServer(peer);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void brokenRecordInTheMiddleOfAnUploadIsFoundByTheServer(TlsShutdownPolicy policy, String protocol)
			throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
				peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n");
				peer.sendRaw(Arrays.concatenate(peer.encryptBrokenRecord(), peer.encrypt(new byte[LARGE])));
				for (int sent = 0; sent < 8_000_000; sent += LARGE) {
					peer.send(new byte[LARGE]);
				}
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				peer.sendFin();
				assertFoundByTheServer(peer);
			}
		}
	}

	/**
	 * The server's alert often meets a reset: a broken connection, and a failed engine,
	 * but no close_notify.
	 */
	@ParameterizedTest
	@EnumSource
	void clientThatSendsNoTlsAndLeavesHasNotSaidCloseNotify(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < 100; i++) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
				peer.get("/hello");
				peer.readResponse("hello");
				try {
					for (int line = 0; line < 100; line++) {
						peer.sendRaw("GET /\r\n".getBytes(StandardCharsets.US_ASCII));
					}
				}
				catch (IOException ex) {
					assertThat(ex).hasMessageNotContaining("timed out");
				}
				peer.reset();
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isIn(TlsShutdownOutcome.FAILED, TlsShutdownOutcome.RESET);
				assertThat(event.closeNotifyReceived()).isFalse();
			}
		}
	}

	/**
	 * The client needs a key that the server does not have.
	 */
	@ParameterizedTest
	@EnumSource
	void renegotiationThatFailsIsFoundByTheServer(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.2")) {
			peer.get("/hello");
			peer.readResponse("hello");
			peer.engine().setEnabledCipherSuites(new String[] { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" });
			peer.sendHandshake();
			assertFoundByTheServer(peer);
			// OpenSSL refuses every renegotiation
			assertThat(peer.fatal())
				.hasMessageContaining(this.engine.equals("JDK") ? "handshake_failure" : "no_renegotiation");
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndHandshakes")
	void brokenRecordBehindTheHandshakeIsFoundByTheServer(TlsShutdownPolicy policy, String protocol, boolean resumed)
			throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = connectHolding(protocol, resumed)) {
				peer.sendBrokenRecord();
				assertFoundByTheServer(peer);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndHandshakes")
	void fatalAlertBehindTheHandshakeIsThePeers(TlsShutdownPolicy policy, String protocol, boolean resumed)
			throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = connectHolding(protocol, resumed)) {
				peer.sendFatalAlert();
				peer.awaitFinOrReset();
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
				assertThat(event.closeNotifySent()).isFalse();
				assertThat(event.protocol()).isEqualTo(protocol);
				assertThat(event.cipherSuite()).startsWith("TLS_");
			}
		}
	}

	/**
	 * The server is asked for new keys of its own, but not by somebody who will use them.
	 */
	@ParameterizedTest
	@EnumSource
	void fatalAlertBehindAKeyUpdateIsThePeers(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		for (int i = 0; i < TIMES; i++) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
				// The first record of TLS 1.3 would be read alone
				peer.get("/hello");
				peer.readResponse("hello");
				byte[] before = peer.encryptHandshake();
				if (i % 2 == 1) {
					before = Arrays.concatenate(before, peer
						.encrypt("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
				}
				peer.sendRaw(Arrays.concatenate(before, peer.encryptFatalAlert()));
				peer.awaitFinOrReset();
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
				assertThat(event.closeNotifySent()).isFalse();
			}
		}
	}

	/**
	 * Connect a peer that sends the end of the handshake together with what follows.
	 */
	private TlsPeer connectHolding(String protocol, boolean resumed) throws IOException {
		SSLContext context = TlsPeer.newContext();
		if (resumed) {
			try (TlsPeer first = TlsPeer.connect(this.server.port(), protocol, context, 0)) {
				first.get("/bye");
				first.awaitEnd();
			}
		}
		return TlsPeer.connectHolding(this.server.port(), protocol, context);
	}

	private void assertFoundByTheServer(TlsPeer peer) throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.fatal()).isNotNull();
		assertThat(peer.sawCloseNotify()).isFalse();
		TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.closeNotifySent()).isFalse();
	}

}
