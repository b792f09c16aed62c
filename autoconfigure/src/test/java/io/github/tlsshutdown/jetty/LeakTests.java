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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.PeerEnding;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sockets, end points and threads, of which nothing may be left when connections have
 * ended.
 */
class LeakTests {

	@ParameterizedTest
	@EnumSource
	void nothingIsLeftOfAnyEnding(TlsShutdownPolicy policy) throws Exception {
		long threads;
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=300ms")) {
			int count = playAll(server);
			server.recorder().awaitTotal(count);
			long sockets = LinuxSockets.open();
			for (int round = 0; round < 5; round++) {
				count += playAll(server);
			}
			server.recorder().awaitTotal(count);
			await().untilAsserted(() -> assertThat(server.openConnections()).isZero());
			await().untilAsserted(() -> assertThat(LinuxSockets.open()).isLessThanOrEqualTo(sockets));
			threads = reactorThreads();
		}
		assertThat(threads).isLessThanOrEqualTo(1);
		assertThat(reactorThreads()).isZero();
	}

	private static int playAll(TestServer server) throws Exception {
		List<TlsPeer> open = new ArrayList<>();
		int count = 0;
		try {
			for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
				for (PeerEnding ending : PeerEnding.values()) {
					try {
						ending.play(server.port(), protocol, TlsPeer.newContext(), open);
					}
					catch (IOException ex) {
						// The server may be gone already when the peer comes to its turn
					}
					count++;
				}
			}
			int expected = count;
			await().until(() -> server.recorder().events().size() % expected == 0);
		}
		finally {
			for (TlsPeer peer : open) {
				peer.close();
			}
		}
		return count;
	}

	private static long reactorThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("https-jetty-")
					&& thread.getName().contains("tls-shutdown"))
			.count();
	}

}
