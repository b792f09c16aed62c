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

package io.github.tlsshutdown.servlet;

import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ServletWebSockets;
import io.github.tlsshutdown.testsupport.ServletWebSockets.LateUpgrade;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.WebSockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * WebSocket: first its own close handshake, then the end of the TLS connection.
 */
class WebSocketTests {

	private static final String CLOSE_NORMALLY = "880203e8";

	@ParameterizedTest
	@EnumSource
	void connectionAfterCloseHandshakeOfClientEndsByPolicy(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = start(policy); TlsPeer peer = WebSockets.connect(server)) {
			peer.send(WebSockets.close());
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(HexFormat.of().formatHex(peer.takeReceived())).isEqualTo(CLOSE_NORMALLY);
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionAfterCloseHandshakeOfServerEndsByPolicy(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = start(policy); TlsPeer peer = WebSockets.connect(server)) {
			peer.send(WebSockets.text("bye"));
			peer.readAtLeast(CLOSE_NORMALLY.length() / 2);
			assertThat(HexFormat.of().formatHex(peer.takeReceived())).isEqualTo(CLOSE_NORMALLY);
			peer.send(WebSockets.close());
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedBytes()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatLeavesWithoutCloseHandshakeIsAnsweredByPolicy(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = start(policy); TlsPeer peer = WebSockets.connect(server)) {
			PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatAbortsIsToldOfByItsEnd(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = start(policy)) {
			for (TlsShutdownOutcome expected : new TlsShutdownOutcome[] { TlsShutdownOutcome.RESET,
					TlsShutdownOutcome.UNCLEAN }) {
				TlsPeer peer = WebSockets.connect(server);
				int port = peer.localPort();
				if (expected == TlsShutdownOutcome.RESET) {
					peer.reset();
				}
				else {
					peer.sendFin();
				}
				assertThat(server.recorder().awaitEvent(port).outcome()).isEqualTo(expected);
				peer.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientIsToldThatTheServerBeginsToStop(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = start(policy); TlsPeer peer = WebSockets.connect(server)) {
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			WebSockets.readGoingAway(peer);
			peer.send(WebSockets.close());
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatIsUpgradedDuringTheStopIsToldOfIt(TlsShutdownPolicy policy) throws Exception {
		LateUpgrade upgrade = new LateUpgrade();
		try (TestServer server = start(policy, upgrade);
				TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			idle.get("/hello");
			idle.readResponse("hello");
			peer.send(WebSockets.UPGRADE);
			await().until(upgrade::isAsked);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
			upgrade.grant();
			WebSockets.readUpgradeAndGoingAway(peer);
			peer.send(WebSockets.close());
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	private static TestServer start(TlsShutdownPolicy policy) throws DeploymentException {
		return start(policy, new ServerEndpointConfig.Configurator());
	}

	private static TestServer start(TlsShutdownPolicy policy, ServerEndpointConfig.Configurator configurator)
			throws DeploymentException {
		TestServer server = TestServer.start("tls.shutdown.policy=" + policy);
		ServletWebSockets.serve(server, Echo.class, configurator);
		return server;
	}

	/**
	 * Sends messages back, and closes on {@code bye}.
	 */
	public static final class Echo extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.addMessageHandler(String.class, (MessageHandler.Whole<String>) (message) -> {
				try {
					if (message.equals("bye")) {
						session.close(new CloseReason(CloseCodes.NORMAL_CLOSURE, null));
					}
					else {
						session.getBasicRemote().sendText(message);
					}
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
		}

	}

}
