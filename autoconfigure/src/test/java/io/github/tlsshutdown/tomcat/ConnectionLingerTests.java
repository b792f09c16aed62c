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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
		AtomicBoolean over = new AtomicBoolean();
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { Lingering.class },
				"server.tomcat.max-keep-alive-requests=-1", "tls.shutdown.policy=bidirectional",
				"tls.shutdown.timeout=1s")) {
			// Has Tomcat's poller run, so that it lets go of those that are closed
			Thread busy = new Thread(() -> ask(server.port(), over));
			busy.start();
			GatedServlet servlet = server.context().getBean(GatedServlet.class);
			for (int i = 0; i < PEERS; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096);
				peers.add(peer);
				peer.get("/gated");
				servlet.arrived.acquire();
				// Will be there before the server closes
				peer.sendCloseNotify();
			}
			TlsPeer silent = server.peerAfterBye();
			peers.add(silent);
			await().until(() -> server.recorder().connector().getPending() == 1);
			servlet.gate.countDown();
			for (int i = 0; i < PEERS; i++) {
				assertThat(server.recorder().awaitEvent(peers.get(i).localPort()).outcome())
					.isEqualTo(TlsShutdownOutcome.COMPLETED);
			}
			assertThat(server.recorder().awaitEvent(silent.localPort()).duration())
				.isLessThan(Duration.ofSeconds(SECONDS));
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

	private static void ask(int port, AtomicBoolean over) {
		try (TlsPeer peer = TlsPeer.connect(port, "TLSv1.3")) {
			while (!over.get()) {
				peer.get("/hello");
				peer.readResponse("hello");
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
		ServletRegistrationBean<GatedServlet> gated(GatedServlet servlet) {
			return new ServletRegistrationBean<>(servlet, "/gated");
		}

		@Bean
		GatedServlet gatedServlet() {
			return new GatedServlet();
		}

	}

	/**
	 * Answers when the gate is open, and closes.
	 */
	static final class GatedServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final transient Semaphore arrived = new Semaphore(0);

		private final transient CountDownLatch gate = new CountDownLatch(1);

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			this.arrived.release();
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			response.setHeader("Connection", "close");
			response.setContentLength(SIZE);
			response.getOutputStream().write(new byte[SIZE]);
		}

	}

}
