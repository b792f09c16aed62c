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
import java.util.Set;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sockets and threads, as the kernel and the JVM count them.
 */
@EnabledOnOs(OS.LINUX)
class LeakTests {

	@ParameterizedTest
	@EnumSource
	void clientsThatResetLeaveNoDescriptor(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s")) {
			SSLContext context = TlsPeer.newContext();
			hello(server, context).close();
			await().until(() -> server.recorder().events().size() == 1);
			await().until(() -> LinuxSockets.statesOfConnectionsTo(server.port())
				.values()
				.stream()
				.allMatch("TIME_WAIT"::equals));
			long before = LinuxSockets.open();
			for (int i = 0; i < 100; i++) {
				hello(server, context).reset();
				TlsPeer peer = bye(server, context);
				peer.reset();
			}
			server.recorder().awaitTotal(201);
			await().atMost(Duration.ofSeconds(10)).until(() -> LinuxSockets.open() <= before);
			assertThat(server.recorder().counts().get(TlsShutdownOutcome.RESET))
				.isEqualTo((policy == TlsShutdownPolicy.BIDIRECTIONAL) ? 200 : 100);
		}
	}

	@Test
	void silentPeersWaitOnOneThreadWhileRequestsAreServed() throws IOException {
		int peers = 2000;
		SSLContext context = TlsPeer.newContext();
		List<TlsPeer> silent = new ArrayList<>();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=10m",
				"tls.shutdown.max-wait=10m")) {
			hello(server, context).close();
			await().until(() -> server.recorder().events().size() == 1);
			long socketsBefore = LinuxSockets.open();
			Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
			for (int i = 0; i < peers; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", context, 0);
				peer.get("/bye");
				peer.readResponse("bye");
				silent.add(peer);
			}
			await().until(() -> server.recorder().connector().getPending() == peers);
			// An event loop of the server's begins with its first connection
			assertThat(newThreads(threadsBefore)).filteredOn((thread) -> !thread.getName().contains("LoopGroup"))
				.hasSize(TestServer.waitingThreads())
				.allSatisfy((thread) -> assertThat(thread.isDaemon()).isTrue())
				.allSatisfy((thread) -> assertThat(thread.getName()).endsWith("-tls-shutdown"));
			for (int i = 0; i < 20; i++) {
				hello(server, context).reset();
			}
			assertThat(server.recorder().connector().getPending()).isEqualTo(peers);
			for (TlsPeer peer : silent) {
				peer.sendFin();
			}
			server.recorder().awaitTotal(peers + 21);
			assertThat(server.recorder().counts())
				.isEqualTo(Map.of(TlsShutdownOutcome.UNCLEAN, peers + 1L, TlsShutdownOutcome.RESET, 20L));
			// The peers' ends are still open, the server's are not
			await().atMost(Duration.ofSeconds(10)).until(() -> LinuxSockets.open() <= socketsBefore + peers);
		}
		finally {
			for (TlsPeer peer : silent) {
				peer.close();
			}
		}
	}

	@Test
	void peerThatHasAnsweredNeverSeesReset() throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=20s")) {
			List<TlsPeer> peers = answeringPeers(server, 200);
			server.recorder().awaitTotal(200);
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.COMPLETED);
			await().during(Duration.ofMillis(2500))
				.atMost(Duration.ofSeconds(20))
				.until(() -> notReset(server, peers) == 200);
			closeAll(peers);
		}
		if (ServerUnderTest.current() == ServerUnderTest.JETTY) {
			// Does not reset them by itself
			return;
		}
		// The test can fail: without the starter the server resets them all, about a
		// second later
		try (TestServer server = TestServer.start("tls.shutdown.enabled=false")) {
			List<TlsPeer> peers = answeringPeers(server, 20);
			await().atMost(Duration.ofSeconds(10)).until(() -> notReset(server, peers) == 0);
			closeAll(peers);
		}
	}

	private static List<TlsPeer> answeringPeers(TestServer server, int count) throws IOException {
		SSLContext context = TlsPeer.newContext();
		List<TlsPeer> peers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			TlsPeer peer = bye(server, context);
			peer.sendCloseNotify();
			peers.add(peer);
		}
		return peers;
	}

	private static long notReset(TestServer server, List<TlsPeer> peers) {
		Map<Integer, String> states = LinuxSockets.statesOfConnectionsTo(server.port());
		return peers.stream().filter((peer) -> "CLOSE_WAIT".equals(states.get(peer.localPort()))).count();
	}

	private static void closeAll(List<TlsPeer> peers) throws IOException {
		for (TlsPeer peer : peers) {
			peer.close();
		}
	}

	private static List<Thread> newThreads(Set<Thread> before) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread) && !thread.getName().contains("-exec-"))
			.filter((thread) -> thread.getName().startsWith("https-"))
			.toList();
	}

	private static TlsPeer hello(TestServer server, SSLContext context) throws IOException {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", context, 0);
		// Twice: a server may have another ticket follow its first response, and who
		// closes without reading it resets the connection
		for (int i = 0; i < 2; i++) {
			peer.get("/hello");
			peer.readResponse("hello");
		}
		return peer;
	}

	private static TlsPeer bye(TestServer server, SSLContext context) throws IOException {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", context, 0);
		peer.get("/bye");
		peer.readResponse("bye");
		assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
		return peer;
	}

}
