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
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers that never take the rest of a response.
 */
class ZeroWindowTests {

	private static final int PEERS = 10;

	@ParameterizedTest
	@EnumSource
	void peersThatNeverReadHoldNothingOnceTheServerGaveUpUnderEveryPolicy(TlsShutdownPolicy policy) throws IOException {
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=60s", "tls.shutdown.max-wait=60s",
				"server.tomcat.connection-timeout=3s")) {
			for (int i = 0; i < PEERS; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096);
				peers.add(peer);
				peer.get("/bye?size=20000000");
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> server.recorder().events().size() == PEERS);
			assertThat(server.recorder().connector().getPending()).isZero();
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.ABORTED);
			for (int i = 0; i < 5; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.get("/hello");
					peer.readResponse("hello");
					peer.reset();
				}
			}
			server.recorder().awaitTotal(PEERS + 5);
			assertThat(server.recorder().counts())
				.isEqualTo(Map.of(TlsShutdownOutcome.ABORTED, (long) PEERS, TlsShutdownOutcome.RESET, 5L));
			assertThat(server.recorder().events()).noneMatch(TlsShutdownEvent::closeNotifySent);
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

}
