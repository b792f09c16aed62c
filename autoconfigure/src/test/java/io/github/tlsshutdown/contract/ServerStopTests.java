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
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What connections see when the server stops, and what is left of the server afterwards.
 */
@EnabledOnOs(OS.LINUX)
class ServerStopTests {

	private static final int CONNECTIONS = 50;

	/** More than socket buffers take. */
	private static final int LARGE = 12_000_000;

	/** Less than {@code max-wait}, and more than peers take that answer. */
	private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

	private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(2);

	@ParameterizedTest
	@CsvSource({ "UNIDIRECTIONAL, immediate, SENT", "UNIDIRECTIONAL, graceful, SENT",
			"BIDIRECTIONAL, immediate, COMPLETED", "BIDIRECTIONAL, graceful, COMPLETED", "QUIET, immediate, QUIET",
			"QUIET, graceful, QUIET" })
	void idleConnectionsThatAnswerEndByPolicy(TlsShutdownPolicy policy, String shutdown, TlsShutdownOutcome expected)
			throws Exception {
		assertThat(stopWith(policy, shutdown, LONG_TIMEOUT, true, expected)).isLessThan(LONG_TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource({ "immediate", "graceful" })
	void idleConnectionsThatAreSilentTimeOut(String shutdown) throws Exception {
		assertThat(
				stopWith(TlsShutdownPolicy.BIDIRECTIONAL, shutdown, SHORT_TIMEOUT, false, TlsShutdownOutcome.TIMED_OUT))
			.isBetween(SHORT_TIMEOUT, LONG_TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource({ "immediate", "graceful" })
	void idleWaitingAndActiveConnectionsEndOnceEach(String shutdown) throws Exception {
		List<TlsPeer> peers = new ArrayList<>();
		ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "server.shutdown=" + shutdown,
				"tls.shutdown.timeout=" + SHORT_TIMEOUT.toMillis())) {
			EventRecorder recorder = server.recorder();
			int ofEachKind = 5;
			for (int i = 0; i < ofEachKind; i++) {
				peers.add(server.peerAfterBye());
			}
			await().until(() -> recorder.connector().getPending() == ofEachKind);
			List<Future<Boolean>> idle = new ArrayList<>();
			List<TlsPeer> active = new ArrayList<>();
			for (int i = 0; i < ofEachKind; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
				peers.add(peer);
				peer.get("/hello");
				peer.readResponse("hello");
				idle.add(clients.submit(() -> seesCloseNotifyBeforeFin(peer, true)));
				TlsPeer slow = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 65_536);
				peers.add(slow);
				slow.get("/hello?size=" + LARGE);
				slow.readAtLeast(1);
				active.add(slow);
			}
			long start = System.nanoTime();
			Future<?> stop = clients.submit(server.context()::close);
			boolean graceful = shutdown.equals("graceful");
			List<Future<Boolean>> served = graceful ? readEnds(clients, active, true) : List.of();
			for (Future<Boolean> each : idle) {
				assertThat(each.get()).isTrue();
			}
			// Where nobody waits for them, not before their end has begun
			served = graceful ? served : readEnds(clients, active, false);
			int whole = 0;
			for (int i = 0; i < ofEachKind; i++) {
				boolean signed = served.get(i).get();
				boolean received = active.get(i).receivedBytes() > LARGE;
				assertThat(signed).as("signed").isEqualTo(received);
				whole += received ? 1 : 0;
			}
			if (graceful || ServerUnderTest.current() != ServerUnderTest.NETTY) {
				assertThat(whole).isEqualTo(graceful ? ofEachKind : 0);
			}
			stop.get();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG_TIMEOUT);
			assertThat(recorder.events()).hasSize(3 * ofEachKind);
			Map<TlsShutdownOutcome, Long> expected = new EnumMap<>(TlsShutdownOutcome.class);
			expected.put(TlsShutdownOutcome.TIMED_OUT, (long) ofEachKind);
			expected.put(TlsShutdownOutcome.COMPLETED, (long) ofEachKind);
			// Only where the stop is graceful do they answer
			expected.merge(graceful ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.TIMED_OUT, (long) whole,
					Long::sum);
			if (whole < ofEachKind) {
				expected.put(TlsShutdownOutcome.ABORTED, (long) ofEachKind - whole);
			}
			assertThat(recorder.counts()).isEqualTo(expected);
			assertThat(TestServer.reactorThreads()).isEmpty();
		}
		finally {
			clients.shutdownNow();
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	@Test
	void connectionInTheHandshakeIsToldOfWhenTheServerStops() throws IOException {
		TestServer server = TestServer.start("tls.shutdown.timeout=1s");
		try (Socket socket = new Socket("localhost", server.port())) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write(TlsPeer.clientHello("TLSv1.3"), 0, 10);
			await().until(() -> server.openConnections() == 1);
			server.close();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
		assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.NO_HANDSHAKE, 1L));
	}

	@Test
	void serverThatIsRestartedGoesOn() throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=200ms")) {
			for (int i = 1; i <= 3; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.get("/bye");
					peer.readResponse("bye");
					server.recorder().awaitTotal(i);
				}
				server.context().stop();
				assertThat(server.recorder().connector()).isNull();
				assertThat(TestServer.reactorThreads()).isEmpty();
				server.context().start();
			}
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.TIMED_OUT, 3L));
			// Whatever the port is
			assertThat(server.recorder().events()).extracting(TlsShutdownEvent::connector)
				.containsOnly(server.recorder().connector().getName())
				.allMatch((name) -> name.matches(server.connectorName()));
		}
	}

	@Test
	void connectorWhosePortIsChosenHasItInItsName() throws IOException {
		int port;
		try (ServerSocket free = new ServerSocket(0)) {
			port = free.getLocalPort();
		}
		try (TestServer server = TestServer.start("server.port=" + port)) {
			assertThat(server.recorder().connector().getName()).matches("https-[a-z-]+-" + port);
		}
	}

	@Test
	void serversOfOneJvmDoNotKnowOfEachOther() throws IOException {
		try (TestServer one = TestServer.start("tls.shutdown.policy=quiet")) {
			try (TestServer other = TestServer.start("tls.shutdown.policy=bidirectional");
					TlsPeer peer = TlsPeer.connect(other.port(), "TLSv1.3")) {
				peer.sendCloseNotify();
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				other.recorder().awaitTotal(1);
			}
			assertThat(one.recorder().events()).isEmpty();
			assertThat(one.recorder().connectors()).hasSize(1);
			try (TlsPeer peer = TlsPeer.connect(one.port(), "TLSv1.3")) {
				peer.get("/bye");
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.sawCloseNotify()).isFalse();
			}
			one.recorder().awaitTotal(1);
		}
	}

	private static Duration stopWith(TlsShutdownPolicy policy, String shutdown, Duration timeout, boolean answer,
			TlsShutdownOutcome expected) throws Exception {
		List<TlsPeer> peers = new ArrayList<>();
		ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "server.shutdown=" + shutdown,
				"tls.shutdown.timeout=" + timeout.toMillis())) {
			long listening = 1;
			long socketsBefore = LinuxSockets.open() - listening;
			List<Future<Boolean>> sawCloseNotify = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), (i % 2 == 0) ? "TLSv1.2" : "TLSv1.3");
				peers.add(peer);
				peer.get("/hello");
				peer.readResponse("hello");
				sawCloseNotify.add(clients.submit(() -> seesCloseNotifyBeforeFin(peer, answer)));
			}
			EventRecorder recorder = server.recorder();
			long start = System.nanoTime();
			server.context().close();
			Duration stop = Duration.ofNanos(System.nanoTime() - start);
			for (Future<Boolean> each : sawCloseNotify) {
				assertThat(each.get()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			}
			// The context is closed: nothing more is to come
			assertThat(recorder.counts()).isEqualTo(Map.of(expected, (long) CONNECTIONS));
			assertThat(recorder.connector()).isNull();
			assertThat(TestServer.reactorThreads()).isEmpty();
			await().until(() -> LinuxSockets.open() <= socketsBefore + CONNECTIONS);
			return stop;
		}
		finally {
			clients.shutdownNow();
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	private static List<Future<Boolean>> readEnds(ExecutorService clients, List<TlsPeer> peers, boolean answer) {
		return peers.stream().map((peer) -> clients.submit(() -> seesCloseNotifyBeforeFin(peer, answer))).toList();
	}

	private static boolean seesCloseNotifyBeforeFin(TlsPeer peer, boolean answer) throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		if (answer) {
			peer.sendCloseNotify();
		}
		return peer.sawCloseNotify();
	}

}
