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
import java.time.Duration;

import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fatal alerts, handshakes and half records around the end of a connection.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AwkwardPeersTests {

	/** Nothing takes that long. */
	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start("tls.shutdown.policy=bidirectional",
				"tls.shutdown.timeout=" + TIMEOUT.toMillis());
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void brokenRecordIsAnsweredByFatalAlertUnderEveryPolicy(TlsShutdownPolicy policy) throws IOException {
		usePolicy(policy);
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = connect(protocol)) {
				peer.get("/hello");
				peer.readResponse("hello");
				peer.sendBrokenRecord();
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.fatal()).hasMessageContaining("bad_record_mac");
				assertThat(peer.sawCloseNotify()).isFalse();
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				assertThat(event.closeNotifySent()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void brokenRecordInAnUploadIsOursToRefuseUnderEveryPolicy(TlsShutdownPolicy policy) throws IOException {
		usePolicy(policy);
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = connect(protocol)) {
				peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
				peer.sendBrokenRecord();
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.fatal()).hasMessageContaining("bad_record_mac");
				// The server may wait for the rest of the body
				peer.sendFin();
				// Though it was sent when the servlet wanted to answer
				assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event(peer).initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void fatalAlertInADownloadIsThePeersUnderEveryPolicy(TlsShutdownPolicy policy) throws IOException {
		usePolicy(policy);
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = connect(protocol)) {
				peer.get("/hello?size=8000000");
				peer.readAtLeast(1);
				peer.sendFatalAlert();
				peer.awaitFinOrReset();
				assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event(peer).initiator()).isEqualTo(TlsShutdownInitiator.PEER);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void fatalAlertIsNotAnsweredUnderAnyPolicy(TlsShutdownPolicy policy) throws IOException {
		usePolicy(policy);
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = connect(protocol)) {
				// Twice: a server may have another ticket follow its first response
				peer.get("/hello");
				peer.readResponse("hello");
				peer.get("/hello");
				peer.readResponse("hello");
				peer.sendFatalAlert();
				assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
				assertThat(peer.undecryptedBytes()).isZero();
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void fatalAlertAfterOursEndsTheWait(String protocol) throws IOException {
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		try (TlsPeer peer = connect(protocol)) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
			peer.sendFatalAlert();
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			assertThat(event.duration()).isLessThan(TIMEOUT);
		}
	}

	@Test
	void keyUpdateAfterOursIsReadOver() throws IOException {
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		try (TlsPeer peer = connect("TLSv1.3")) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
			peer.sendHandshake();
			peer.send(new byte[1000]);
			peer.sendCloseNotify();
			assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
			assertThat(event(peer).discardedBytes()).isEqualTo(1000);
		}
	}

	@Test
	void renegotiationAfterOursEndsTheWait() throws IOException {
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		try (TlsPeer peer = connect("TLSv1.2")) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
			peer.sendHandshake();
			// It is only noticed when something follows that cannot be read without it
			peer.sendCloseNotify();
			assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event(peer).duration()).isLessThan(TIMEOUT);
		}
	}

	@ParameterizedTest
	@EnumSource
	void renegotiationThatFailsIsAnsweredByNothingButItsAlertUnderEveryPolicy(TlsShutdownPolicy policy)
			throws IOException {
		Assumptions.assumeTrue(ServerUnderTest.current() != ServerUnderTest.JETTY, "Refuses every renegotiation");
		usePolicy(policy);
		try (TlsPeer peer = connect("TLSv1.2")) {
			peer.get("/hello?size=10000");
			peer.readAtLeast(10_000);
			peer.takeReceived();
			byte[] request = peer.encrypt("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			// Needs a key that the server does not have
			peer.engine().setEnabledCipherSuites(new String[] { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" });
			peer.engine().beginHandshake();
			peer.sendRaw(Arrays.concatenate(request, peer.encrypt(new byte[0])));
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			// OpenSSL refuses every renegotiation
			assertThat(peer.fatal()).hasMessageMatching("(?s).*(handshake_failure|no_renegotiation).*");
			assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event(peer).initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIDIRECTIONAL", "BIDIRECTIONAL" })
	void closeNotifyRightAfterRequestCompletes(TlsShutdownPolicy policy) throws IOException {
		usePolicy(policy);
		try (TlsPeer peer = connect("TLSv1.3")) {
			byte[] request = peer.encrypt("GET /bye HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			peer.sendRaw(Arrays.concatenate(request, peer.encryptCloseNotify()));
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).endsWith("\r\n\r\nbye");
			assertThat(peer.sawCloseNotify()).isTrue();
			assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
			assertThat(event(peer).initiator()).isEqualTo(TlsShutdownInitiator.PEER);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void alertThatWasHalfReadBeforeTheCloseCompletes(String protocol) throws IOException {
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		try (TlsPeer peer = connect(protocol)) {
			byte[] request = peer.encrypt("GET /bye HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			byte[] alert = peer.encryptCloseNotify();
			byte[] half = new byte[alert.length / 2];
			byte[] rest = new byte[alert.length - half.length];
			System.arraycopy(alert, 0, half, 0, half.length);
			System.arraycopy(alert, half.length, rest, 0, rest.length);
			peer.sendRaw(Arrays.concatenate(request, half));
			assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
			peer.sendRaw(rest);
			assertThat(event(peer).outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
			assertThat(event(peer).initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	private TlsPeer connect(String protocol) throws IOException {
		return TlsPeer.connect(this.server.port(), protocol);
	}

	private TlsShutdownEvent event(TlsPeer peer) {
		return this.server.recorder().awaitEvent(peer.localPort());
	}

	private void usePolicy(TlsShutdownPolicy policy) {
		TlsShutdownSettings settings = this.server.recorder().connector().getSettings();
		this.server.recorder().connector().setSettings(settings.withPolicy(policy));
	}

}
