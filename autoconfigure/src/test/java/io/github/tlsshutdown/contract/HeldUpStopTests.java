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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that arrive in a graceful stop while the server takes its time to close other
 * connections.
 */
class HeldUpStopTests {

	private static final int IDLE = 16;

	private final List<TlsPeer> peers = new ArrayList<>();

	@AfterEach
	void leave() throws IOException {
		for (TlsPeer peer : this.peers) {
			peer.close();
		}
	}

	@Test
	void requestThatArrivesWhileOtherConnectionsAreClosedIsAnswered() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { Gate.configuration(), HeldListener.class });
		HeldListener listener = server.context().getBean(HeldListener.class);
		Gate gate = server.context().getBean(Gate.class);
		for (int i = 0; i < IDLE; i++) {
			request(server, "/hello").readAtLeast(1);
		}
		List<TlsPeer> idle = List.copyOf(this.peers);
		request(server, "/gate/length");
		await().until(() -> gate.waiting() == 1);
		CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
		await().during(Duration.ofMillis(400)).until(() -> !listener.closed.isEmpty());
		List<TlsPeer> open = idle.stream().filter((peer) -> !listener.closed.contains(peer.localPort())).toList();
		for (TlsPeer peer : open) {
			peer.takeReceived();
			peer.get("/hello");
		}
		listener.released.countDown();
		for (TlsPeer peer : open) {
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).containsIgnoringCase("connection: close").endsWith("hello");
		}
		assertThat(open).isNotEmpty();
		gate.open();
		stop.get(20, TimeUnit.SECONDS);
	}

	private TlsPeer request(TestServer server, String path) throws IOException {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
		this.peers.add(peer);
		peer.get(path);
		return peer;
	}

	/**
	 * Holds up the threads that close connections.
	 */
	static class HeldListener implements TlsShutdownListener {

		private final Set<Integer> closed = ConcurrentHashMap.newKeySet();

		private final CountDownLatch released = new CountDownLatch(1);

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.closed.add(event.remoteAddress().getPort());
			try {
				this.released.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
