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
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections on which Tomcat gives up while the socket's buffer is full and a record is
 * half written: the response is cut, and must not be signed.
 */
class CutRecordTests {

	private static final int PEERS = 10;

	@ParameterizedTest
	@CsvSource({ "JDK, unidirectional", "JDK, bidirectional", "JDK, quiet", "BOUNCY_CASTLE, unidirectional",
			"CONSCRYPT, unidirectional" })
	void nothingIsWrittenAfterTheServerGaveUp(TlsProvider provider, String policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { provider.configuration(), SmallSendBuffer.class },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s", "server.tomcat.connection-timeout=1s")) {
			List<TlsPeer> peers = connect(server);
			// Tomcat's own timeout has passed: only then do the peers read
			server.recorder().awaitTotal(PEERS);
			for (TlsPeer peer : peers) {
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.fatal()).isNull();
				assertThat(peer.receivedBytes()).isLessThan(20_000_000);
				assertThat(peer.sawCloseNotify()).isFalse();
				TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.ABORTED);
				assertThat(event.closeNotifySent()).isFalse();
				peer.close();
			}
		}
	}

	@Test
	void plainTomcatDropsTheAlertAndCutsTheRecord() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class },
				"tls.shutdown.enabled=false", "server.tomcat.connection-timeout=1s")) {
			for (TlsPeer peer : connect(server)) {
				// To be read only when the server has closed its side
				await().atMost(Duration.ofSeconds(20)).until(() -> server.openConnections() == 0);
				peer.awaitEnd();
				assertThat(peer.sawCloseNotify()).isFalse();
				assertThat(peer.undecryptedBytes()).isPositive();
				peer.close();
			}
		}
	}

	private static List<TlsPeer> connect(TestServer server) throws IOException {
		List<TlsPeer> peers = new ArrayList<>();
		for (int i = 0; i < PEERS; i++) {
			TlsPeer peer = TlsPeer.connect(server.port(), (i % 2 == 0) ? "TLSv1.2" : "TLSv1.3", TlsPeer.newContext(),
					4096);
			peer.get("/bye?size=20000000");
			peers.add(peer);
		}
		return peers;
	}

}
