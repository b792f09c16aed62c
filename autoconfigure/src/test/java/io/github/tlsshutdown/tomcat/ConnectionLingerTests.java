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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tomcat's {@code connectionLinger} has the kernel hold up who closes a socket with data
 * that the peer does not take, unless the socket is with a selector.
 */
@EnabledOnOs(OS.LINUX)
class ConnectionLingerTests {

	private static final int SECONDS = 5;

	/** More than a peer's socket takes, less than the server's. */
	private static final int SIZE = 600_000;

	private static final int PEERS = 3;

	@Test
	void peersThatDoNotReadHoldUpNoOther() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		AtomicBoolean over = new AtomicBoolean();
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { Lingering.class },
				"server.tomcat.max-keep-alive-requests=-1", "tls.shutdown.policy=bidirectional",
				"tls.shutdown.timeout=20s")) {
			BlockingListener listener = server.context().getBean(BlockingListener.class);
			// Keeps those that are closed from being given to a selector for a while
			try (TlsPeer blocking = server.peerAfterBye()) {
				await().until(() -> server.recorder().connector().getPending() == 1);
				blocking.sendCloseNotify();
				listener.blocked.await();
			}
			for (int i = 0; i < PEERS; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096);
				peers.add(peer);
				peer.get("/bye?size=" + SIZE);
			}
			await().until(() -> server.recorder().connector().getPending() == PEERS + 1);
			for (TlsPeer peer : peers) {
				peer.sendCloseNotify();
			}
			// Has Tomcat's selector let go of them
			Thread busy = new Thread(() -> ask(server.port(), asked, over));
			busy.start();
			await().until(() -> asked.get() > 2);
			long start = System.nanoTime();
			listener.release.countDown();
			for (TlsPeer peer : peers) {
				assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
					.isEqualTo(TlsShutdownOutcome.COMPLETED);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(SECONDS));
			over.set(true);
			busy.join();
		}
		finally {
			over.set(true);
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	private static void ask(int port, AtomicInteger asked, AtomicBoolean over) {
		try (TlsPeer peer = TlsPeer.connect(port, "TLSv1.3")) {
			while (!over.get()) {
				peer.get("/hello");
				peer.readResponse("hello");
				asked.incrementAndGet();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Lingering {

		@Bean
		TomcatConnectorCustomizer lingerCustomizer() {
			return (connector) -> {
				connector.setProperty("connectionLinger", String.valueOf(SECONDS));
				connector.setProperty("socket.txBufSize", "2000000");
			};
		}

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		BlockingListener blockingListener() {
			return new BlockingListener();
		}

	}

	/**
	 * Blocks the thread that waits for peers when it reports the first connection.
	 */
	private static final class BlockingListener implements TlsShutdownListener {

		private final CountDownLatch blocked = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		@Override
		public void onShutdown(TlsShutdownEvent event) {
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
