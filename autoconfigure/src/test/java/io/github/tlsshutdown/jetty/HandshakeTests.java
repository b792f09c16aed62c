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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.contract.HandshakeContract;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that end before the handshake is complete: one event each, and the server's
 * own alert arrives.
 */
class HandshakeTests extends HandshakeContract {

	@ParameterizedTest
	@CsvSource({ "UNIDIRECTIONAL, SENT", "BIDIRECTIONAL, FAILED", "QUIET, QUIET" })
	void renegotiationIsRefusedAndTheConnectionEndsByPolicy(TlsShutdownPolicy policy, TlsShutdownOutcome outcome)
			throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.2")) {
			peer.get("/hello");
			peer.readResponse("hello");
			peer.sendHandshake();
			assertThat(peer.awaitFinOrReset()).isEqualTo(TlsPeer.End.FIN);
			// An engine that waits for a new handshake does not decrypt it
			assertThat(peer.undecryptedBytes() > 0).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			peer.sendCloseNotify();
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(outcome);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			assertThat(event.closeNotifyReceived()).isFalse();
		}
	}

	@Override
	protected TestServer start() {
		return TestServer.start("tls.shutdown.policy=bidirectional");
	}

	@Override
	protected TestServer startWithClientAuth() {
		return TestServer.start("server.ssl.client-auth=need",
				"server.ssl.trust-store=file:" + TestCertificate.trustStore(),
				"server.ssl.trust-store-password=" + TestCertificate.PASSWORD);
	}

}
