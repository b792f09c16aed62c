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

import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jetty.JettyWebServer;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * HTTP/2 requests that have no thread yet when the server begins to stop, as other
 * requests have them all.
 */
class ExhaustedPoolTests {

	private static final int PING = 6;

	private static final int THREADS = 8;

	private final List<TlsPeer> peers = new ArrayList<>();

	@AfterEach
	void leave() throws IOException {
		for (TlsPeer peer : this.peers) {
			peer.close();
		}
	}

	@Test
	void requestThatWaitsForAThreadIsAnswered() throws Exception {
		TestServer server = start();
		Http2Peer waiting = http2(server);
		Http2Peer idle = http2(server);
		exhaust(server);
		int stream = waiting.get("/gate/length");
		await().until(() -> streams(server) == 1);
		// Idle for a shorter time than the other
		idle.send(PING, 0, 0, new byte[8]);
		CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		assertThat(stop).isNotDone();
		server.context().getBean(Gate.class).open();
		assertThat(waiting.readResponse(stream)).isEqualTo("length".length());
		assertThat(waiting.goAways()).isNotEmpty();
		assertThat(waiting.awaitEnd()).isEqualTo(End.FIN);
		assertThat(waiting.tls().sawCloseNotify()).isTrue();
		stop.get(20, TimeUnit.SECONDS);
	}

	@Test
	void requestThatWasNotReadIsAnswered() throws Exception {
		TestServer server = start(SelectorHolder.class);
		SelectorHolder holder = server.context().getBean(SelectorHolder.class);
		Http2Peer unread = http2(server);
		Http2Peer idle = http2(server);
		Http2Peer leaving = http2(server);
		exhaust(server);
		holder.port = leaving.tls().localPort();
		leaving.tls().sendFin();
		await().until(() -> holder.held.getCount() == 0);
		int stream = unread.get("/gate/length");
		CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		holder.released.countDown();
		server.context().getBean(Gate.class).open();
		assertThat(unread.readResponse(stream)).isEqualTo("length".length());
		assertThat(unread.awaitEnd()).isEqualTo(End.FIN);
		stop.get(20, TimeUnit.SECONDS);
	}

	private static TestServer start(Class<?>... more) {
		List<Class<?>> configuration = new ArrayList<>(List.of(more));
		configuration.add(Gate.configuration());
		return TestServer.start(configuration.toArray(Class<?>[]::new), "server.http2.enabled=true",
				"server.jetty.threads.min=" + THREADS, "server.jetty.threads.max=" + THREADS);
	}

	private Http2Peer http2(TestServer server) throws IOException {
		Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0);
		this.peers.add(peer.tls());
		peer.readResponse(peer.get("/hello"));
		return peer;
	}

	private void exhaust(TestServer server) throws IOException {
		Gate gate = server.context().getBean(Gate.class);
		List<TlsPeer> connected = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
			this.peers.add(peer);
			peer.get("/hello");
			peer.readResponse("hello");
			connected.add(peer);
		}
		for (TlsPeer peer : connected) {
			peer.get("/gate/length");
		}
		QueuedThreadPool pool = (QueuedThreadPool) jetty(server).getThreadPool();
		await().until(() -> pool.getQueueSize() > 0 && gate.waiting() > 0 && pool.getIdleThreads() == 0);
	}

	private static long streams(TestServer server) {
		return jetty(server).getConnectors()[0].getConnectedEndPoints()
			.stream()
			.mapToInt(ExhaustedPoolTests::streams)
			.sum();
	}

	private static int streams(EndPoint endPoint) {
		return (endPoint.getConnection() instanceof SslConnection ssl
				&& ssl.getSslEndPoint().getConnection() instanceof HTTP2Connection http2)
						? http2.getSession().getStreams().size() : 0;
	}

	private static Server jetty(TestServer server) {
		return ((JettyWebServer) server.webServer()).getServer();
	}

	/**
	 * Holds the thread that reads, when a client has left.
	 */
	static class SelectorHolder implements TlsShutdownListener {

		private final CountDownLatch held = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		private volatile int port;

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			if (event.remoteAddress().getPort() == this.port) {
				this.held.countDown();
				try {
					this.released.await(20, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

}
