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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.PeerEnding;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Descriptors, end points and threads, of which nothing may be left when connections have
 * ended: some 1,000 of every kind.
 */
class LeakTests {

	private static final int ROUNDS = 11;

	@ParameterizedTest
	@EnumSource
	void nothingIsLeftOfAnyEnding(TlsShutdownPolicy policy) throws Exception {
		Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=300ms",
				"server.http2.enabled=true")) {
			int count = playAll(server, 0);
			long descriptors = LinuxSockets.descriptors();
			Set<Thread> threads = threadsSince(threadsBefore);
			for (int round = 1; round < ROUNDS; round++) {
				count = playAll(server, count);
			}
			assertThat(count).isGreaterThan(300);
			await().untilAsserted(() -> assertThat(server.openConnections()).isZero());
			await().untilAsserted(() -> assertThat(LinuxSockets.descriptors()).isLessThanOrEqualTo(descriptors));
			assertThat(server.recorder().connector().getOpen()).isZero();
			assertThat(threadsSince(threadsBefore)).hasSizeLessThanOrEqualTo(threads.size());
			assertThat(reactorThreads()).isLessThanOrEqualTo(1);
		}
		assertThat(reactorThreads()).isZero();
		await().untilAsserted(() -> assertThat(threadsSince(threadsBefore)).isEmpty());
	}

	private static int playAll(TestServer server, int before) throws Exception {
		List<TlsPeer> open = new ArrayList<>();
		int count = before;
		try {
			for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
				for (PeerEnding ending : PeerEnding.values()) {
					play(() -> ending.play(server.port(), protocol, TlsPeer.newContext(), open));
					count++;
				}
				for (Kind kind : Kind.values()) {
					play(() -> kind.play(server.port(), protocol, open));
					count++;
				}
			}
			server.recorder().awaitTotal(count);
		}
		finally {
			for (TlsPeer peer : open) {
				peer.close();
			}
		}
		return count;
	}

	private static void play(Play play) throws Exception {
		try {
			play.run();
		}
		catch (IOException ex) {
			// The server may be gone already when the peer comes to its turn
		}
	}

	// But for those of the pool, which has as many as it needs
	private static Set<Thread> threadsSince(Set<Thread> before) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread) && !thread.getName().startsWith("qtp"))
			.filter((thread) -> !thread.getName().startsWith("awaitility"))
			.collect(Collectors.toSet());
	}

	private static long reactorThreads() {
		return TestServer.reactorThreads().size();
	}

	private interface Play {

		void run() throws Exception;

	}

	/**
	 * What else connections are used for.
	 */
	private enum Kind {

		STREAMS {

			@Override
			void play(int port, String protocol, List<TlsPeer> open) throws IOException {
				Http2Peer peer = http2(port, protocol, open);
				peer.readResponse(peer.get("/hello?size=1000"));
				peer.tls().sendCloseNotify();
				peer.awaitEnd();
			}

		},

		STREAMS_AND_GOAWAY {

			@Override
			void play(int port, String protocol, List<TlsPeer> open) throws IOException {
				Http2Peer peer = http2(port, protocol, open);
				peer.readResponse(peer.get("/hello?size=1000"));
				peer.sendGoAway();
				peer.awaitEnd();
				peer.tls().sendFin();
			}

		},

		STREAM_AND_RESET {

			@Override
			void play(int port, String protocol, List<TlsPeer> open) throws IOException {
				Http2Peer peer = http2(port, protocol, open);
				peer.readSomeDataOf(peer.get("/hello?size=8000000"));
				peer.tls().reset();
			}

		},

		REFUSED_UPLOAD {

			@Override
			void play(int port, String protocol, List<TlsPeer> open) throws IOException {
				TlsPeer peer = TlsPeer.connect(port, protocol);
				open.add(peer);
				peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
				peer.send(new byte[1_000_000]);
				peer.awaitEnd();
				peer.sendFin();
			}

		},

		DOWNLOAD_AND_RESET {

			@Override
			void play(int port, String protocol, List<TlsPeer> open) throws IOException {
				TlsPeer peer = TlsPeer.connect(port, protocol);
				open.add(peer);
				peer.get("/bye?size=8000000");
				peer.readAtLeast(1);
				peer.reset();
			}

		};

		abstract void play(int port, String protocol, List<TlsPeer> open) throws IOException;

		private static Http2Peer http2(int port, String protocol, List<TlsPeer> open) throws IOException {
			Http2Peer peer = Http2Peer.connect(port, protocol, 0);
			open.add(peer.tls());
			return peer;
		}

	}

}
