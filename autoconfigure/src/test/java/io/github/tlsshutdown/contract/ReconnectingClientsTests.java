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
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * HTTP/2 clients that connect again as soon as the server has told them that it stops. A
 * connection that the server does not accept any more would be reset.
 */
class ReconnectingClientsTests {

	private static final int CLIENTS = 40;

	private final List<Http2Peer> peers = new ArrayList<>();

	private final ExecutorService clients = Executors.newCachedThreadPool();

	@AfterEach
	void leave() throws IOException {
		for (Http2Peer peer : this.peers) {
			peer.tls().close();
		}
		this.clients.shutdownNow();
	}

	@Test
	void portIsClosedWhenGoAwayArrives() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { Gate.configuration() }, "server.http2.enabled=true");
		int port = server.port();
		Gate gate = server.context().getBean(Gate.class);
		List<Future<Boolean>> connected = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			Http2Peer peer = connect(port);
			peer.readResponse(peer.get("/hello"));
			connected.add(this.clients.submit(() -> {
				peer.readGoAway();
				return canConnect(port);
			}));
		}
		Http2Peer busy = connect(port);
		int stream = busy.get("/gate/length");
		await().until(() -> gate.waiting() == 1);
		CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close, this.clients);
		for (Future<Boolean> client : connected) {
			assertThat(client.get(20, TimeUnit.SECONDS)).isFalse();
		}
		gate.open();
		assertThat(busy.readResponse(stream)).isEqualTo("length".length());
		stop.get(20, TimeUnit.SECONDS);
	}

	private Http2Peer connect(int port) throws IOException {
		Http2Peer peer = Http2Peer.connect(port, "TLSv1.3", 0);
		this.peers.add(peer);
		return peer;
	}

	private static boolean canConnect(int port) throws IOException {
		try (Socket socket = new Socket("localhost", port)) {
			return socket.isConnected();
		}
		catch (ConnectException ex) {
			return false;
		}
	}

}
