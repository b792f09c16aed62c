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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jetty.JettyWebServer;

import io.github.tlsshutdown.testsupport.ServletWebSockets;
import io.github.tlsshutdown.testsupport.ServletWebSockets.LateUpgrade;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.WebSockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A WebSocket whose first message takes long when the server stops. Jetty has it handled
 * by the thread that has answered the request for the WebSocket.
 */
class BusyWebSocketTests {

	@Test
	void clientOfOneThatIsOpenedDuringTheStopIsToldOfIt() throws Exception {
		SlowSocket socket = new SlowSocket();
		try (TestServer server = TestServer.start();
				TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			ServletWebSockets.serve(server, Endpoint.class, socket);
			idle.get("/hello");
			idle.readResponse("hello");
			request(peer);
			await().until(socket::isAsked);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
			socket.grant();
			WebSockets.readUpgradeAndGoingAway(peer);
			peer.send(WebSockets.close());
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			socket.released.countDown();
			stop.get(20, TimeUnit.SECONDS);
		}
		finally {
			socket.released.countDown();
		}
	}

	@Test
	void handlerIsNotWaitedFor() throws Exception {
		SlowSocket socket = new SlowSocket();
		try (TestServer server = TestServer.start(); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			ServletWebSockets.serve(server, Endpoint.class, socket);
			Server jetty = ((JettyWebServer) server.webServer()).getServer();
			socket.grant();
			request(peer);
			await().until(() -> socket.entered.getCount() == 0);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			WebSockets.readUpgradeAndGoingAway(peer);
			peer.send(WebSockets.close());
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			await().until(() -> !jetty.isRunning());
			socket.released.countDown();
			stop.get(20, TimeUnit.SECONDS);
		}
		finally {
			socket.released.countDown();
		}
	}

	@Test
	void clientsAreToldWhileHandlersOfTheirEndsTakeLongTogether() throws Exception {
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start()) {
			ServletWebSockets.serve(server, SlowEnd.class, new ServerEndpointConfig.Configurator());
			for (int i = 0; i < 6; i++) {
				peers.add(WebSockets.connect(server));
			}
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			for (TlsPeer peer : peers) {
				WebSockets.readGoingAway(peer);
			}
			stop.get(20, TimeUnit.SECONDS);
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	private static void request(TlsPeer peer) throws IOException {
		peer.send(WebSockets.UPGRADE);
		peer.send(WebSockets.text("hello"));
	}

	/**
	 * Sends back what it receives, and takes its time when it ends.
	 */
	public static final class SlowEnd extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.addMessageHandler(String.class,
					(MessageHandler.Whole<String>) (message) -> session.getAsyncRemote().sendText(message));
		}

		@Override
		public void onClose(Session session, CloseReason reason) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
		}

	}

	/**
	 * Answers the request, and handles messages, when the test says so.
	 */
	private static final class SlowSocket extends LateUpgrade {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		@Override
		public <T> T getEndpointInstance(Class<T> type) {
			return type.cast(new Endpoint() {

				@Override
				public void onOpen(Session session, EndpointConfig config) {
					session.addMessageHandler(String.class, (MessageHandler.Whole<String>) (message) -> {
						SlowSocket.this.entered.countDown();
						hold(SlowSocket.this.released);
					});
				}

			});
		}

		private static void hold(CountDownLatch latch) {
			try {
				latch.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
