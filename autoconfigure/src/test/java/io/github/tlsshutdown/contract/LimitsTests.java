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
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a peer can make the server hold, and for how long.
 */
@ExtendWith(OutputCaptureExtension.class)
class LimitsTests {

	@Test
	void connectionsBeyondMaxPendingAreClosedWithoutWaiting(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s",
				"tls.shutdown.max-wait=60s", "tls.shutdown.max-pending=3")) {
			List<TlsPeer> waiting = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				waiting.add(server.peerAfterBye());
			}
			await().until(() -> server.recorder().connector().getPending() == 3);
			for (int i = 0; i < 5; i++) {
				try (TlsPeer peer = server.peerAfterBye()) {
					peer.awaitEnd();
					assertThat(peer.sawCloseNotify()).isTrue();
					TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.OVERFLOW);
					assertThat(event.closeNotifySent()).isTrue();
				}
			}
			assertThat(output).containsOnlyOnce("tls.shutdown.max-pending");
			// A place that becomes free is taken
			waiting.get(0).sendCloseNotify();
			assertThat(server.recorder().awaitEvent(waiting.get(0).localPort()).outcome())
				.isEqualTo(TlsShutdownOutcome.COMPLETED);
			// A connection is told of just before it is no longer pending
			await().until(() -> server.recorder().connector().getPending() == 2);
			try (TlsPeer peer = server.peerAfterBye()) {
				await().until(() -> server.recorder().connector().getPending() == 3);
				peer.sendCloseNotify();
				assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
					.isEqualTo(TlsShutdownOutcome.COMPLETED);
			}
			for (TlsPeer peer : waiting) {
				peer.reset();
			}
			server.recorder().awaitTotal(9);
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void silentPeersBeyondMaxPendingHoldNoSocket() throws IOException {
		int peers = 200;
		int maxPending = 20;
		List<TlsPeer> silent = new ArrayList<>();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s",
				"tls.shutdown.max-wait=60s", "tls.shutdown.max-pending=" + maxPending)) {
			TlsPeer first = server.peerAfterBye();
			first.reset();
			server.recorder().awaitTotal(1);
			long socketsBefore = LinuxSockets.open();
			for (int i = 0; i < peers; i++) {
				silent.add(server.peerAfterBye());
			}
			await().until(() -> server.recorder().events().size() == 1 + peers - maxPending);
			assertThat(server.recorder().counts()).isEqualTo(
					Map.of(TlsShutdownOutcome.RESET, 1L, TlsShutdownOutcome.OVERFLOW, (long) peers - maxPending));
			assertThat(server.recorder().connector().getPending()).isEqualTo(maxPending);
			// One end of every connection is the peer's
			await().atMost(Duration.ofSeconds(20))
				.until(() -> LinuxSockets.open() <= socketsBefore + peers + maxPending);
			assertThat(TestServer.reactorThreads()).hasSize(TestServer.waitingThreads());
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/hello");
				peer.readResponse("hello");
			}
			for (TlsPeer peer : silent) {
				peer.reset();
			}
		}
	}

	@Test
	void peerThatSendsMoreThanMaxDiscardIsClosed(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s",
				"tls.shutdown.max-wait=60s", "tls.shutdown.max-discard=100KB")) {
			try (TlsPeer peer = server.peerAfterBye()) {
				peer.send(new byte[100 * 1024]);
				await().during(Duration.ofMillis(200)).until(() -> server.recorder().events().isEmpty());
				peer.send(new byte[1]);
				TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.OVERFLOW);
				assertThat(event.discardedBytes()).isEqualTo(100 * 1024 + 1);
				assertThat(output).containsOnlyOnce("tls.shutdown.max-discard");
			}
		}
	}

	@Test
	void peerThatSendsByteByByteIsGoneAfterMaxWait() throws IOException {
		Duration maxWait = Duration.ofSeconds(12);
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=6s",
				"tls.shutdown.max-wait=" + maxWait.toMillis()); TlsPeer peer = server.peerAfterBye()) {
			byte[] record = peer.encrypt(new byte[10_000]);
			int[] sent = new int[1];
			await().pollInterval(Duration.ofMillis(500)).atMost(Duration.ofSeconds(60)).until(() -> {
				try {
					peer.sendRaw(new byte[] { record[sent[0]++] });
					return false;
				}
				catch (SocketException ex) {
					return true;
				}
			});
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.TIMED_OUT);
			// Silence alone would have ended it after half of that
			assertThat(event.duration()).isGreaterThanOrEqualTo(maxWait);
		}
	}

}
