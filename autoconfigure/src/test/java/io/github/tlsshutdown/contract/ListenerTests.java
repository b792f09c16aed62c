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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a listener that throws can harm: nothing. And one that blocks: only the waiting.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerTests {

	@Test
	void listenerThatThrowsHarmsNoConnectionAndNoOtherListener(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start(new Class<?>[] { ThrowingListenerConfiguration.class },
				"tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=20s")) {
			for (int i = 0; i < 20; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.get("/bye");
					peer.readResponse("bye");
					peer.awaitEnd();
					assertThat(peer.sawCloseNotify()).isTrue();
					peer.sendCloseNotify();
				}
			}
			server.recorder().awaitTotal(20);
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.COMPLETED, 20L));
			assertThat(server.context().getBean(ThrowingListener.class).calls).hasValue(21);
			assertThat(output).containsOnlyOnce("TlsShutdownListener " + ThrowingListener.class.getName() + " failed");
		}
	}

	@Test
	void listenerThatBlocksTheReactorHoldsNoMoreThanMaxPending() throws Exception {
		assumeTrue(TestServer.waitingThreads() == 1, "A listener blocks the server's own threads");
		int maxPending = 5;
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { BlockingListenerConfiguration.class },
				"tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s", "tls.shutdown.max-wait=60s",
				"tls.shutdown.max-pending=" + maxPending)) {
			BlockingListener listener = server.context().getBean(BlockingListener.class);
			try {
				TlsPeer blocking = bye(server);
				peers.add(blocking);
				// A quick answer would be met by the thread that closes
				await().until(() -> server.recorder().connector().getPending() == 1);
				blocking.sendCloseNotify();
				assertThat(listener.blocked.await(20, TimeUnit.SECONDS)).isTrue();
				for (int i = 0; i < 10; i++) {
					TlsPeer peer = bye(server);
					peers.add(peer);
					assertThat(peer.sawCloseNotify()).isTrue();
				}
				// The one it is told of still counts
				assertThat(server.recorder().connector().getPending()).isEqualTo(maxPending);
				await().untilAsserted(() -> assertThat(server.recorder().counts())
					.isEqualTo(Map.of(TlsShutdownOutcome.OVERFLOW, 6L)));
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.get("/hello");
					peer.readResponse("hello");
					peer.reset();
				}
			}
			finally {
				listener.release.countDown();
			}
			for (TlsPeer peer : peers) {
				peer.reset();
			}
			server.recorder().awaitTotal(12);
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.COMPLETED, 1L,
					TlsShutdownOutcome.OVERFLOW, 6L, TlsShutdownOutcome.RESET, 5L));
		}
	}

	private static TlsPeer bye(TestServer server) throws Exception {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
		peer.get("/bye");
		peer.readResponse("bye");
		peer.awaitEnd();
		return peer;
	}

	@Configuration(proxyBeanMethods = false)
	static class BlockingListenerConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		BlockingListener blockingListener() {
			return new BlockingListener();
		}

	}

	private static final class BlockingListener implements TlsShutdownListener {

		private final CountDownLatch blocked = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			if (event.outcome() == TlsShutdownOutcome.COMPLETED) {
				this.blocked.countDown();
				try {
					this.release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThrowingListenerConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ThrowingListener throwingListener() {
			return new ThrowingListener();
		}

	}

	private static final class ThrowingListener implements TlsShutdownListener {

		private final AtomicInteger calls = new AtomicInteger();

		@Override
		public void onConnectorStarted(TlsShutdownConnector connector) {
			this.calls.incrementAndGet();
			throw new IllegalStateException("thrown by the test");
		}

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.calls.incrementAndGet();
			throw new AssertionError("thrown by the test");
		}

	}

}
