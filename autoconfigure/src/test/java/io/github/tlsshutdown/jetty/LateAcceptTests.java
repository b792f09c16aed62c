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
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jetty.JettyWebServer;

import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection that Jetty accepts and then never looks at, because it has stopped.
 */
class LateAcceptTests {

	@Test
	void clientIsNotLeftWaiting() throws Exception {
		TestServer server = TestServer.start("server.shutdown=immediate");
		try {
			SelectorManager manager = selectors(server);
			LateAcceptor acceptor = new LateAcceptor(manager);
			manager.addEventListener(acceptor);
			try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
				client.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
				acceptor.accepting.await();
				server.context().close();
				assertThat(isClosed(client)).isTrue();
			}
		}
		finally {
			server.close();
		}
	}

	private static SelectorManager selectors(TestServer server) {
		return ((ServerConnector) ((JettyWebServer) server.webServer()).getServer().getConnectors()[0])
			.getSelectorManager();
	}

	private static boolean isClosed(Socket client) throws IOException {
		try {
			return client.getInputStream().read() == -1;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	/**
	 * Keeps the thread that accepts until there is no selector any more.
	 */
	private static final class LateAcceptor implements SelectorManager.AcceptListener {

		private final CountDownLatch accepting = new CountDownLatch(1);

		private final SelectorManager manager;

		private LateAcceptor(SelectorManager manager) {
			this.manager = manager;
		}

		@Override
		public void onAccepting(SelectableChannel channel) {
			this.accepting.countDown();
			while (!this.manager.isStopped()) {
				LockSupport.parkNanos(1_000_000);
			}
		}

	}

}
