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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every policy, with every TLS version, against every way in which a peer can behave:
 * what the peer sees on the wire, and what the server records.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ParameterizedClass
@EnumSource
class ShutdownMatrixTests {

	/** Most connections wait for a second or two. */
	private static final int AT_ONCE = 8;

	@Parameter
	private TlsProvider provider;

	private final Map<ServerKind, TestServer> servers = new ConcurrentHashMap<>();

	private final Map<TestServer, Integer> connections = new HashMap<>();

	private final Map<Connection, Future<?>> ends = new HashMap<>();

	@BeforeParameterizedClassInvocation
	void connectionsBeginToEnd() {
		this.servers.clear();
		this.connections.clear();
		TlsProvider.takeNativeEngines();
		// One after the other: each start configures the logging of the JVM
		connections().forEach((connection) -> this.connections.merge(serverOf(connection), 1, Integer::sum));
		ExecutorService peers = Executors.newFixedThreadPool(AT_ONCE);
		connections().forEach((connection) -> this.ends.put(connection, peers.submit(() -> {
			assertEndsByPolicy(connection);
			return null;
		})));
		peers.shutdown();
	}

	private TestServer serverOf(Connection connection) {
		return this.servers.computeIfAbsent(
				new ServerKind(connection.policy(), connection.behaviour().limits(this.provider)), this::start);
	}

	private TestServer start(ServerKind kind) {
		return TestServer.start(new Class<?>[] { this.provider.configuration(), SmallSendBuffer.class },
				"tls.shutdown.policy=" + kind.policy(), "tls.shutdown.timeout=" + kind.limits().timeout.toMillis(),
				"tls.shutdown.max-wait=" + kind.limits().maxWait.toMillis(),
				TestServer.idleTimeout(kind.limits().idleTimeout));
	}

	@AfterParameterizedClassInvocation
	void everyConnectionIsCountedOnceAndServersStop() {
		this.connections.forEach((server, count) -> {
			server.recorder().awaitTotal(count);
			server.close();
		});
		// Only then have engines in native memory freed it. Jetty makes more, when it
		// starts.
		assertThat(TlsProvider.takeNativeEngines())
			.filteredOn((engine) -> engine.isInboundDone() && engine.isOutboundDone())
			.hasSize((this.provider == TlsProvider.CONSCRYPT) ? (int) connections().count() : 0);
	}

	private static Stream<Connection> connections() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("TLSv1.2", "TLSv1.3")
				.flatMap((protocol) -> Stream.of(Behaviour.values())
					.map((behaviour) -> new Connection(policy, protocol, behaviour))));
	}

	static Stream<Arguments> matrix() {
		return connections().map((it) -> Arguments.of(it.policy(), it.protocol(), it.behaviour()));
	}

	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource("matrix")
	void connectionEndsByPolicy(TlsShutdownPolicy policy, String protocol, Behaviour behaviour) throws Throwable {
		try {
			this.ends.get(new Connection(policy, protocol, behaviour)).get();
		}
		catch (ExecutionException ex) {
			throw ex.getCause();
		}
	}

	private void assertEndsByPolicy(Connection connection) throws Exception {
		TestServer server = serverOf(connection);
		TlsShutdownPolicy policy = connection.policy();
		Behaviour behaviour = connection.behaviour();
		try (TlsPeer peer = TlsPeer.connect(server.port(), connection.protocol(), TlsPeer.newContext(),
				behaviour.receiveBuffer)) {
			int port = peer.localPort();
			behaviour.play(peer, policy);
			TlsShutdownEvent event = server.recorder().awaitEvent(port);
			assertThat(event.policy()).isEqualTo(policy);
			assertThat(event.protocol()).isEqualTo(connection.protocol());
			assertThat(event.connector()).matches(server.connectorName());
			assertThat(event.outcome()).isEqualTo(behaviour.outcome(policy, this.provider));
			assertThat(event.initiator()).isEqualTo(behaviour.initiator);
			behaviour.check(event, policy, this.provider);
		}
	}

	private static boolean sendsCloseNotify(TlsShutdownPolicy policy) {
		return policy != TlsShutdownPolicy.QUIET;
	}

	private static boolean waits(TlsShutdownPolicy policy) {
		return policy == TlsShutdownPolicy.BIDIRECTIONAL;
	}

	private record Connection(TlsShutdownPolicy policy, String protocol, Behaviour behaviour) {

	}

	private record ServerKind(TlsShutdownPolicy policy, Limits limits) {

	}

	/**
	 * How long a server waits: only for peers that are to be given up not longer than a
	 * busy machine may take for those that are not.
	 */
	enum Limits {

		PATIENT(20_000, 30_000, 60_000),

		/** The server's own is that of its writing. */
		IMPATIENT_WITH_SILENCE(1000, 20_000, 2500),

		IMPATIENT_WITH_DATA(1200, 1200, 60_000);

		private final Duration timeout;

		private final Duration maxWait;

		private final Duration idleTimeout;

		Limits(int timeout, int maxWait, int idleTimeout) {
			this.timeout = Duration.ofMillis(timeout);
			this.maxWait = Duration.ofMillis(maxWait);
			this.idleTimeout = Duration.ofMillis(idleTimeout);
		}

	}

	/**
	 * What a peer does. Behaviours in which the server is the first to close begin with a
	 * response that says so, and go on when the server's FIN has come: under
	 * {@code bidirectional} it comes before the peer has answered, which is the
	 * half-close.
	 */
	enum Behaviour {

		ANSWERS(TlsShutdownOutcome.COMPLETED, TlsShutdownOutcome.SENT) {

			@Override
			void playAfterClose(TlsPeer peer) throws IOException {
				peer.sendCloseNotify();
				peer.sendFin();
			}

			@Override
			void checkWait(TlsShutdownEvent event) {
				assertThat(event.closeNotifyReceived()).isTrue();
				assertThat(event.duration()).isLessThan(Limits.PATIENT.timeout);
			}

		},

		FIN_ONLY(TlsShutdownOutcome.UNCLEAN, TlsShutdownOutcome.SENT) {

			@Override
			void playAfterClose(TlsPeer peer) throws IOException {
				peer.sendFin();
			}

		},

		RST(TlsShutdownOutcome.RESET) {

			@Override
			void playAfterClose(TlsPeer peer) throws IOException {
				peer.reset();
			}

		},

		SILENT(TlsShutdownOutcome.TIMED_OUT) {

			@Override
			void checkWait(TlsShutdownEvent event) {
				assertThat(event.duration()).isBetween(Limits.IMPATIENT_WITH_SILENCE.timeout,
						Limits.IMPATIENT_WITH_SILENCE.maxWait);
			}

		},

		DATA_THEN_CLOSE_NOTIFY(TlsShutdownOutcome.COMPLETED, TlsShutdownOutcome.TIMED_OUT) {

			@Override
			void playAfterClose(TlsPeer peer) throws IOException {
				peer.send(new byte[100_000]);
				peer.sendCloseNotify();
			}

			@Override
			void checkWait(TlsShutdownEvent event) {
				assertThat(event.closeNotifyReceived()).isTrue();
				assertThat(event.discardedBytes()).isEqualTo(100_000);
			}

		},

		BROKEN_RECORD(TlsShutdownOutcome.FAILED, TlsShutdownOutcome.TIMED_OUT) {

			@Override
			void playAfterClose(TlsPeer peer) throws IOException {
				peer.sendBrokenRecord();
			}

		},

		STREAMS(TlsShutdownOutcome.TIMED_OUT) {

			@Override
			Limits limits(TlsProvider provider) {
				return Limits.IMPATIENT_WITH_DATA;
			}

			@Override
			void playAfterClose(TlsPeer peer) throws IOException {
				// Paced, so that max-discard is not reached; ends when the server is gone
				await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(() -> {
					try {
						peer.send(new byte[1000]);
						return false;
					}
					catch (SocketException ex) {
						return true;
					}
				});
			}

			@Override
			void checkWait(TlsShutdownEvent event) {
				assertThat(event.duration()).isGreaterThanOrEqualTo(Limits.IMPATIENT_WITH_DATA.maxWait);
				assertThat(event.discardedBytes()).isPositive();
			}

		},

		NEVER_READS(TlsShutdownOutcome.ABORTED, 4096) {

			@Override
			void play(TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
				// More than the socket buffers hold: the server gives up writing after
				// its
				// own timeout and closes with a record half written
				peer.get("/bye?size=20000000");
			}

			@Override
			Limits limits(TlsProvider provider) {
				return Limits.IMPATIENT_WITH_SILENCE;
			}

			@Override
			TlsShutdownOutcome outcome(TlsShutdownPolicy policy, TlsProvider provider) {
				return TlsShutdownOutcome.ABORTED;
			}

			@Override
			void check(TlsShutdownEvent event, TlsShutdownPolicy policy, TlsProvider provider) {
				assertThat(event.closeNotifySent()).isFalse();
				assertThat(event.closeNotifyReceived()).isFalse();
				// Nothing is left to be waited for
				assertThat(event.duration()).isLessThan(Limits.IMPATIENT_WITH_SILENCE.timeout);
			}

		},

		CLOSE_NOTIFY_FIRST(TlsShutdownInitiator.PEER, TlsShutdownOutcome.COMPLETED, TlsShutdownOutcome.QUIET) {

			@Override
			void playFirst(TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
				peer.sendCloseNotify();
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.sawCloseNotify()).isEqualTo(sendsCloseNotify(policy));
			}

			@Override
			void check(TlsShutdownEvent event, TlsShutdownPolicy policy, TlsProvider provider) {
				assertThat(event.closeNotifySent()).isEqualTo(sendsCloseNotify(policy));
				assertThat(event.closeNotifyReceived()).isTrue();
			}

		},

		FIN_FIRST(TlsShutdownInitiator.PEER, TlsShutdownOutcome.UNCLEAN, TlsShutdownOutcome.UNCLEAN) {

			@Override
			void playFirst(TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
				peer.sendFin();
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.sawCloseNotify()).isEqualTo(sendsCloseNotify(policy));
			}

			@Override
			void check(TlsShutdownEvent event, TlsShutdownPolicy policy, TlsProvider provider) {
				assertThat(event.closeNotifySent()).isEqualTo(sendsCloseNotify(policy));
				assertThat(event.closeNotifyReceived()).isFalse();
			}

		},

		RST_FIRST(TlsShutdownInitiator.PEER, TlsShutdownOutcome.RESET, TlsShutdownOutcome.RESET) {

			@Override
			void playFirst(TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
				peer.reset();
			}

			@Override
			void check(TlsShutdownEvent event, TlsShutdownPolicy policy, TlsProvider provider) {
				assertThat(event.closeNotifySent()).isFalse();
				assertThat(event.closeNotifyReceived()).isFalse();
			}

		};

		private final TlsShutdownInitiator initiator;

		private final Map<TlsShutdownPolicy, TlsShutdownOutcome> outcomes;

		/** What is told of a wait in which nothing can be decrypted. */
		private final TlsShutdownOutcome whenServerCannotRead;

		private final int receiveBuffer;

		Behaviour(TlsShutdownOutcome whenServerWaits) {
			this(whenServerWaits, whenServerWaits);
		}

		Behaviour(TlsShutdownOutcome whenServerWaits, TlsShutdownOutcome whenServerCannotRead) {
			this(whenServerWaits, whenServerCannotRead, 0);
		}

		Behaviour(TlsShutdownOutcome whenServerWaits, int receiveBuffer) {
			this(whenServerWaits, whenServerWaits, receiveBuffer);
		}

		Behaviour(TlsShutdownOutcome whenServerWaits, TlsShutdownOutcome whenServerCannotRead, int receiveBuffer) {
			this.initiator = TlsShutdownInitiator.LOCAL;
			this.outcomes = Map.of(TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.SENT,
					TlsShutdownPolicy.BIDIRECTIONAL, whenServerWaits, TlsShutdownPolicy.QUIET,
					TlsShutdownOutcome.QUIET);
			this.whenServerCannotRead = whenServerCannotRead;
			this.receiveBuffer = receiveBuffer;
		}

		Behaviour(TlsShutdownInitiator initiator, TlsShutdownOutcome outcome, TlsShutdownOutcome whenQuiet) {
			this.initiator = initiator;
			this.outcomes = Map.of(TlsShutdownPolicy.UNIDIRECTIONAL, outcome, TlsShutdownPolicy.BIDIRECTIONAL, outcome,
					TlsShutdownPolicy.QUIET, whenQuiet);
			this.whenServerCannotRead = outcome;
			this.receiveBuffer = 0;
		}

		TlsShutdownOutcome outcome(TlsShutdownPolicy policy, TlsProvider provider) {
			return (waits(policy) && !provider.readsAfterCloseNotify()) ? this.whenServerCannotRead
					: this.outcomes.get(policy);
		}

		Limits limits(TlsProvider provider) {
			return (outcome(TlsShutdownPolicy.BIDIRECTIONAL, provider) == TlsShutdownOutcome.TIMED_OUT)
					? Limits.IMPATIENT_WITH_SILENCE : Limits.PATIENT;
		}

		void play(TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
			if (this.initiator == TlsShutdownInitiator.PEER) {
				peer.get("/hello");
				peer.readResponse("hello");
				playFirst(peer, policy);
				return;
			}
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
			try {
				playAfterClose(peer);
			}
			catch (SocketException ex) {
				// Whoever does not wait resets what still comes
				assertThat(waits(policy)).isFalse();
			}
			peer.awaitEnd();
			assertThat(peer.sawCloseNotify()).isEqualTo(sendsCloseNotify(policy));
			assertThat(peer.fatal()).isNull();
		}

		void playFirst(TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
		}

		void playAfterClose(TlsPeer peer) throws IOException {
		}

		void check(TlsShutdownEvent event, TlsShutdownPolicy policy, TlsProvider provider) {
			assertThat(event.closeNotifySent()).isEqualTo(sendsCloseNotify(policy));
			if (waits(policy)) {
				if (provider.readsAfterCloseNotify()) {
					checkWait(event);
				}
				else {
					assertThat(event.closeNotifyReceived()).isFalse();
				}
			}
			else {
				assertThat(event.closeNotifyReceived()).isFalse();
				assertThat(event.discardedBytes()).isZero();
				assertThat(event.duration()).isLessThan(limits(provider).maxWait);
			}
		}

		void checkWait(TlsShutdownEvent event) {
			assertThat(event.closeNotifyReceived()).isFalse();
		}

	}

}
