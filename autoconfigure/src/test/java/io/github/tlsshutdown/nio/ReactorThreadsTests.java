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

package io.github.tlsshutdown.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.engine.Decision;
import io.github.tlsshutdown.testsupport.TlsPair;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several threads hand connections over to a real reactor while others of its connections
 * expire, and while it is stopped: each ends once, whatever comes first.
 */
class ReactorThreadsTests {

	private static final int THREADS = 4;

	private static final int CONNECTIONS = 12;

	private final ConcurrentLinkedQueue<TlsShutdownEvent> events = new ConcurrentLinkedQueue<>();

	private final List<SocketChannel> sockets = new ArrayList<>();

	@RepeatedTest(10)
	void everyConnectionEndsOnceWhateverComesFirst(RepetitionInfo repetition) throws Exception {
		Random random = new Random(repetition.getCurrentRepetition());
		AtomicReference<Thread> thread = new AtomicReference<>();
		NioConnector connector = new NioConnector();
		connector.configure(new ConnectorSetup(settings(1 + random.nextInt(20), 10), List.of(), List::of,
				() -> List.of(this.events::add)));
		connector.started("https-threads", 1, -1, new ShutdownReactor(SelectorProvider.provider(), (loop) -> {
			thread.set(new Thread(loop, "https-threads-tls-shutdown"));
			return thread.get();
		}, System::nanoTime));
		List<List<Closing>> work = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback())) {
			for (int i = 0; i < THREADS; i++) {
				List<Closing> closings = new ArrayList<>();
				for (int j = 0; j < CONNECTIONS; j++) {
					closings.add(closing(server.getLocalAddress(), server, random));
				}
				work.add(closings);
			}
		}
		try {
			endAll(connector, work, random.nextInt(3) * CONNECTIONS / 2);
			assertThat(connector.getPending()).isZero();
			assertThat(this.events).hasSize(THREADS * CONNECTIONS);
			Set<SocketAddress> ended = new HashSet<>();
			this.events.forEach((event) -> ended.add(event.remoteAddress()));
			assertThat(ended).hasSize(THREADS * CONNECTIONS);
			assertThat(this.events).extracting(TlsShutdownEvent::outcome)
				.isSubsetOf(TlsShutdownOutcome.TIMED_OUT, TlsShutdownOutcome.UNCLEAN, TlsShutdownOutcome.OVERFLOW);
			work.forEach((closings) -> closings.forEach((closing) -> assertThat(closing.socket().isOpen()).isFalse()));
			assertThat(thread.get() == null || !thread.get().isAlive()).isTrue();
		}
		finally {
			for (SocketChannel socket : this.sockets) {
				socket.close();
			}
		}
	}

	private void endAll(NioConnector connector, List<List<Closing>> work, int stopAfter) throws InterruptedException {
		CountDownLatch start = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(stopAfter);
		List<Thread> threads = new ArrayList<>();
		for (List<Closing> closings : work) {
			Thread thread = new Thread(() -> {
				awaitQuietly(start);
				for (Closing closing : closings) {
					closing.begin(connector);
					begun.countDown();
				}
			});
			thread.start();
			threads.add(thread);
		}
		for (int i = 0; i < 2; i++) {
			Thread stopper = new Thread(() -> {
				awaitQuietly(begun);
				connector.stop();
			});
			stopper.start();
			threads.add(stopper);
		}
		start.countDown();
		for (Thread thread : threads) {
			thread.join(TimeUnit.SECONDS.toMillis(60));
			assertThat(thread.isAlive()).isFalse();
		}
	}

	private Closing closing(SocketAddress address, ServerSocketChannel server, Random random) throws IOException {
		SocketChannel peer = SocketChannel.open(address);
		SocketChannel socket = server.accept();
		socket.configureBlocking(false);
		this.sockets.add(peer);
		this.sockets.add(socket);
		if (random.nextInt(4) == 0) {
			peer.shutdownOutput();
		}
		return new Closing(socket, TlsPair.of((random.nextInt(8) == 0) ? "TLSv1.3" : "TLSv1.2"),
				settings(1 + random.nextInt(20), 1 + random.nextInt(20)));
	}

	private static TlsShutdownSettings settings(int timeoutMillis, int maxPending) {
		return TlsShutdownSettings.builder()
			.policy(TlsShutdownPolicy.BIDIRECTIONAL)
			.timeout(Duration.ofMillis(timeoutMillis))
			.maxWait(Duration.ofMillis(20))
			.maxPending(maxPending)
			.maxDiscard(1000)
			.build();
	}

	private static InetSocketAddress loopback() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Closing(SocketChannel socket, TlsPair pair, TlsShutdownSettings settings) {

		void begin(NioConnector connector) {
			new ConnectionShutdown(connector, new SocketTransport(this.socket, connector), this.pair.server(),
					new Decision(this.settings, Decision.BY_PROPERTY), null, false)
				.begin(BeforeClose.nothing(true), ByteBuffer.allocate(20_000), ByteBuffer.allocate(20_000).flip());
		}

	}

}
