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
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.engine.Decision;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TlsPair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of connections when the thread that waits for their peers fails for none
 * of them in particular.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailedLoopTests {

	private static final String THREAD = "https-failing-tls-shutdown";

	private final EventRecorder recorder = new EventRecorder();

	private final NioConnector connector = new NioConnector();

	private final List<SocketChannel> peers = new ArrayList<>();

	private ServerSocketChannel server;

	@BeforeEach
	void listen() throws IOException {
		this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
		for (SocketChannel peer : this.peers) {
			peer.close();
		}
	}

	@Test
	void othersWaitAfterAFailureAndThoseThatWaitedAreReported(CapturedOutput output) throws IOException {
		AtomicBoolean failing = new AtomicBoolean();
		start(() -> failing.getAndSet(false));
		for (int i = 0; i < 5; i++) {
			begin(closing());
		}
		assertThat(this.connector.getPending()).isEqualTo(5);
		failing.set(true);
		// Fails with this one, at the latest
		begin(closing());
		await().until(() -> !failing.get());
		await().until(() -> this.recorder.events().size() >= 5);
		begin(closing());
		this.peers.get(6).shutdownOutput();
		await().until(() -> this.recorder.counts().containsKey(TlsShutdownOutcome.UNCLEAN));
		this.peers.get(5).shutdownOutput();
		this.connector.stop();
		assertThat(this.connector.getPending()).isZero();
		assertThat(this.recorder.events()).hasSize(7).doesNotHaveDuplicates();
		assertThat(this.recorder.counts()).doesNotContainKey(TlsShutdownOutcome.OVERFLOW)
			.hasEntrySatisfying(TlsShutdownOutcome.RESET, (count) -> assertThat(count).isBetween(5L, 6L));
		assertThat(output).contains("thrown by the test");
	}

	@RepeatedTest(5)
	void arrivalsThatMeetAFailureAreReportedOnce(RepetitionInfo repetition) throws Exception {
		Random random = new Random(repetition.getCurrentRepetition());
		start(() -> random.nextInt(40) == 0);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			List<ConnectionShutdown> closings = new ArrayList<>();
			for (int j = 0; j < 25; j++) {
				closings.add(closing());
			}
			Thread thread = new Thread(() -> closings.forEach(FailedLoopTests::begin));
			threads.add(thread);
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		for (SocketChannel peer : this.peers) {
			peer.shutdownOutput();
		}
		this.connector.stop();
		assertThat(this.connector.getPending()).isZero();
		assertThat(this.recorder.events()).hasSize(100);
		assertThat(this.recorder.events()).extracting(TlsShutdownEvent::remoteAddress).doesNotHaveDuplicates();
		assertThat(this.recorder.counts()).doesNotContainKey(TlsShutdownOutcome.OVERFLOW);
	}

	@Test
	void stopWaitsForAThreadThatHasFailedAndNotEnded() throws Exception {
		AtomicBoolean failing = new AtomicBoolean();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		start(() -> failing.getAndSet(false), (event) -> {
			entered.countDown();
			awaitUninterruptibly(released);
		});
		begin(closing());
		failing.set(true);
		begin(closing());
		entered.await();
		// Waits with another thread
		begin(closing());
		for (SocketChannel peer : this.peers) {
			peer.shutdownOutput();
		}
		AtomicInteger pending = new AtomicInteger(-1);
		Thread stop = new Thread(() -> {
			this.connector.stop();
			pending.set(this.connector.getPending());
		});
		stop.start();
		await().until(() -> !stop.isAlive() || stop.getState() == Thread.State.TIMED_WAITING);
		released.countDown();
		stop.join();
		assertThat(pending).hasValue(0);
		assertThat(this.recorder.events()).hasSize(3);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void start(BooleanSupplier fails) {
		start(fails, (event) -> {
		});
	}

	private void start(BooleanSupplier fails, TlsShutdownListener listener) {
		this.connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS.withMaxPending(1000), List.of(),
				List::of, () -> List.of(listener, this.recorder)));
		this.connector.started("https-failing", 1, -1,
				new ShutdownReactor(SelectorProvider.provider(), (loop) -> new Thread(loop, THREAD), () -> {
					if (Thread.currentThread().getName().equals(THREAD) && fails.getAsBoolean()) {
						throw new NoClassDefFoundError("thrown by the test");
					}
					return System.nanoTime();
				}));
	}

	private static void begin(ConnectionShutdown shutdown) {
		shutdown.begin(BeforeClose.nothing(true), ByteBuffer.allocate(20_000), ByteBuffer.allocate(20_000).flip());
	}

	private ConnectionShutdown closing() throws IOException {
		this.peers.add(SocketChannel.open(this.server.getLocalAddress()));
		SocketChannel socket = this.server.accept();
		socket.configureBlocking(false);
		return new ConnectionShutdown(this.connector, new SocketTransport(socket, this.connector),
				TlsPair.of("TLSv1.3").server(),
				new Decision(this.connector.getSettings().withPolicy(TlsShutdownPolicy.BIDIRECTIONAL),
						Decision.BY_PROPERTY),
				null, false);
	}

}
