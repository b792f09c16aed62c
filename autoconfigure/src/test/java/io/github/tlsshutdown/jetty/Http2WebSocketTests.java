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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.ServletWebSockets;
import io.github.tlsshutdown.testsupport.ServletWebSockets.LateUpgrade;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.WebSockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * WebSockets over HTTP/2 (RFC 8441).
 */
class Http2WebSocketTests {

	@Test
	void clientOfOneThatIsClosedIsNotTakenForOneThatIsSending() throws Exception {
		try (TestServer server = TestServer.start("server.http2.enabled=true", "tls.shutdown.linger=false");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			ServletWebSockets.serve(server, Echo.class, new ServerEndpointConfig.Configurator());
			int stream = peer.webSocket("/socket");
			peer.send(Http2Peer.DATA, 0, stream, WebSockets.text("hello"));
			peer.readSomeDataOf(stream);
			peer.send(Http2Peer.DATA, 0, stream, WebSockets.close());
			peer.readResponse(stream);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(server.recorder().awaitEvent(peer.tls().localPort()).unread()).isEqualTo(TlsShutdownUnread.NONE);
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void clientOfOneThatIsOpenedDuringTheStopIsToldOfIt() throws Exception {
		LateUpgrade upgrade = new LateUpgrade();
		try (TestServer server = TestServer.start("server.http2.enabled=true");
				TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			ServletWebSockets.serve(server, Echo.class, upgrade);
			idle.get("/hello");
			idle.readResponse("hello");
			int stream = peer.webSocket("/socket");
			await().until(upgrade::isAsked);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
			upgrade.grant();
			// The only data there is: a close frame
			peer.readSomeDataOf(stream);
			peer.send(Http2Peer.DATA, 0, stream, WebSockets.close());
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	/**
	 * Sends back what it receives.
	 */
	public static final class Echo extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.addMessageHandler(String.class,
					(MessageHandler.Whole<String>) (message) -> session.getAsyncRemote().sendText(message));
		}

	}

}
