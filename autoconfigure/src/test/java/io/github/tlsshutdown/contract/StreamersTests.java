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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.engine.PeerReader;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers that go on sending at full speed after the server's close_notify, and what that
 * means for others.
 */
class StreamersTests {

	private static final int STREAMERS = 4;

	@Test
	void othersCompleteOrTimeOutAndRequestsAreServedWhilePeersStream() throws IOException {
		int answering = 100;
		int silent = 20;
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=10s",
				"tls.shutdown.max-wait=10m", "tls.shutdown.max-discard=1TB")) {
			List<Streamer> streamers = stream(server);
			try {
				List<Long> sentBefore = sent(streamers);
				for (int i = 0; i < silent; i++) {
					peers.add(server.peerAfterBye());
				}
				for (int i = 0; i < answering; i++) {
					TlsPeer peer = server.peerAfterBye();
					peer.sendCloseNotify();
					peers.add(peer);
				}
				await().atMost(Duration.ofSeconds(20))
					.until(() -> count(server, TlsShutdownOutcome.COMPLETED) == answering);
				for (int i = 0; i < 20; i++) {
					TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
					peers.add(peer);
					peer.get("/hello");
					peer.readResponse("hello");
				}
				await().atMost(Duration.ofSeconds(40))
					.until(() -> count(server, TlsShutdownOutcome.TIMED_OUT) == silent);
				List<Long> sentAfter = sent(streamers);
				for (int i = 0; i < STREAMERS; i++) {
					assertThat(sentAfter.get(i)).isGreaterThan(sentBefore.get(i));
				}
				// None of those that stream has ended
				assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.COMPLETED, (long) answering,
						TlsShutdownOutcome.TIMED_OUT, (long) silent));
				assertThat(server.recorder().connector().getPending()).isEqualTo(STREAMERS);
			}
			finally {
				for (Streamer streamer : streamers) {
					streamer.end();
				}
			}
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	@Test
	void streamersAreEndedByMaxDiscardWithinOneRead() throws IOException {
		long limit = 1024 * 1024;
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s",
				"tls.shutdown.max-wait=60s", "tls.shutdown.max-discard=1MB")) {
			for (Streamer streamer : stream(server)) {
				TlsShutdownEvent event = server.recorder().awaitEvent(streamer.peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.OVERFLOW);
				assertThat(event.discardedBytes()).isBetween(limit + 1, limit + PeerReader.BUFFER_SIZE);
				streamer.end();
			}
		}
	}

	@Test
	void streamersAreEndedByMaxWait() throws IOException {
		Duration maxWait = Duration.ofSeconds(8);
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=8s",
				"tls.shutdown.max-wait=" + maxWait.toMillis(), "tls.shutdown.max-discard=1TB")) {
			for (Streamer streamer : stream(server)) {
				TlsShutdownEvent event = server.recorder().awaitEvent(streamer.peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.TIMED_OUT);
				assertThat(event.duration()).isGreaterThanOrEqualTo(maxWait);
				assertThat(event.discardedBytes()).isPositive();
				streamer.end();
			}
		}
	}

	private static List<Streamer> stream(TestServer server) throws IOException {
		List<Streamer> streamers = new ArrayList<>();
		for (int i = 0; i < STREAMERS; i++) {
			Streamer streamer = new Streamer(server.peerAfterBye());
			streamers.add(streamer);
			streamer.thread.start();
			await().atMost(Duration.ofSeconds(20)).until(() -> streamer.sent.get() > 0);
		}
		return streamers;
	}

	private static List<Long> sent(List<Streamer> streamers) {
		return streamers.stream().map((streamer) -> streamer.sent.get()).toList();
	}

	private static long count(TestServer server, TlsShutdownOutcome outcome) {
		return server.recorder().counts().getOrDefault(outcome, 0L);
	}

	private static final class Streamer {

		private final TlsPeer peer;

		private final AtomicLong sent = new AtomicLong();

		private final Thread thread = new Thread(this::stream, "streamer");

		Streamer(TlsPeer peer) {
			this.peer = peer;
			this.thread.setDaemon(true);
		}

		private void stream() {
			byte[] data = new byte[16 * 1024];
			try {
				while (true) {
					this.peer.send(data);
					this.sent.addAndGet(data.length);
				}
			}
			catch (IOException ex) {
				// The server, or the test, has ended the connection
				this.thread.interrupt();
			}
		}

		void end() throws IOException {
			this.peer.close();
		}

	}

}
