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
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.engine.PeerReader;
import io.github.tlsshutdown.testsupport.RecordPeer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a peer can make the server hold, and for how long.
 */
public abstract class LimitsContract {

	@Test
	void connectionsBeyondMaxPendingAreClosedWithoutWaiting() throws IOException {
		List<TlsPeer> waiting = new ArrayList<>();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=2s",
				"tls.shutdown.max-pending=3")) {
			for (int i = 0; i < 3; i++) {
				waiting.add(server.peerAfterBye());
			}
			await().until(() -> server.recorder().connector().getPending() == 3);
			for (int i = 0; i < 3; i++) {
				try (TlsPeer peer = server.peerAfterBye()) {
					peer.awaitEnd();
					assertThat(peer.sawCloseNotify()).isTrue();
					assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
						.isEqualTo(TlsShutdownOutcome.OVERFLOW);
				}
			}
			server.recorder().awaitTotal(6);
			assertThat(server.recorder().counts())
				.isEqualTo(Map.of(TlsShutdownOutcome.OVERFLOW, 3L, TlsShutdownOutcome.TIMED_OUT, 3L));
			assertThat(server.recorder().connector().getPending()).isZero();
		}
		finally {
			for (TlsPeer peer : waiting) {
				peer.close();
			}
		}
	}

	@Test
	void peerThatSendsNowAndThenIsGoneAfterMaxWait() throws IOException {
		Duration maxWait = Duration.ofSeconds(4);
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=2s",
				"tls.shutdown.max-wait=" + maxWait.toMillis()); TlsPeer peer = server.peerAfterBye()) {
			await().pollInterval(Duration.ofMillis(200)).atMost(Duration.ofSeconds(60)).until(() -> {
				try {
					peer.send(new byte[100]);
					return false;
				}
				catch (SocketException ex) {
					return true;
				}
			});
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.TIMED_OUT);
			assertThat(event.duration()).isGreaterThanOrEqualTo(maxWait);
		}
	}

	protected final void assertMaxDiscard(String... properties) throws IOException {
		long limit = 1024 * 1024;
		try (TestServer server = start(properties, "tls.shutdown.max-discard=1MB");
				TlsPeer peer = server.peerAfterBye()) {
			await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(1)).until(() -> {
				try {
					peer.send(new byte[16_000]);
					return false;
				}
				catch (SocketException ex) {
					return true;
				}
			});
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.OVERFLOW);
			assertThat(event.discardedBytes()).isBetween(limit + 1, limit + PeerReader.BUFFER_SIZE);
		}
	}

	protected final void assertRecordsWithoutDataEnded(String... properties) throws IOException {
		try (TestServer server = start(properties); RecordPeer peer = RecordPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.awaitFin();
			for (int i = 0; i < 5000; i++) {
				try {
					peer.sendKeyUpdate(false);
				}
				catch (IOException ex) {
					break;
				}
			}
			assertThat(server.recorder().awaitEvent(peer.localPort()).outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
		}
	}

	private static TestServer start(String[] properties, String... more) {
		List<String> all = new ArrayList<>(
				List.of("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s", "tls.shutdown.max-wait=60s"));
		all.addAll(List.of(properties));
		all.addAll(List.of(more));
		return TestServer.start(all.toArray(String[]::new));
	}

}
