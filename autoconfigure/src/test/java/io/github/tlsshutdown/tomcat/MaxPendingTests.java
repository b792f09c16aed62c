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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How many connections may wait where nobody has said it: as many as the server accepts.
 */
class MaxPendingTests {

	@Test
	void noMoreConnectionsWaitThanTheServerAccepts() throws IOException {
		int maxConnections = 10;
		int more = 15;
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start("server.tomcat.max-connections=" + maxConnections,
				"tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s", "tls.shutdown.max-wait=60s")) {
			for (int i = 0; i < maxConnections + more; i++) {
				peers.add(server.peerAfterBye());
			}
			await().until(() -> server.recorder().events().size() == more);
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.OVERFLOW, (long) more));
			assertThat(server.recorder().connector().getPending()).isEqualTo(maxConnections);
			for (TlsPeer peer : peers) {
				peer.reset();
			}
			server.recorder().awaitTotal(maxConnections + more);
		}
	}

	@ParameterizedTest
	@CsvSource({ "50, 50", "1, 1", "-1, 8192", "20000, 20000" })
	void maxPendingThatIsNotSetIsTheConnectorsMaxConnections(int maxConnections, int expected) {
		try (TestServer server = TestServer.start("server.tomcat.max-connections=" + maxConnections)) {
			TlsShutdownConnector connector = server.recorder().connector();
			assertThat(connector.getSettings().maxPending()).isEqualTo(expected);
			connector.setSettings(connector.getSettings().withMaxPending(7));
			assertThat(connector.getSettings().maxPending()).isEqualTo(7);
			connector.setSettings(connector.getSettings().withMaxPending(0));
			assertThat(connector.getSettings().maxPending()).isEqualTo(expected);
		}
	}

}
