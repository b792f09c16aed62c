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

package io.github.tlsshutdown.netty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * WebSocket connections, with and without a close handshake of their own.
 */
class WebSocketTests {

	private static final int TEXT = 0x81;

	private static final int CLOSE = 0x88;

	@ParameterizedTest
	@EnumSource
	void connectionEndsByPolicyAfterItsCloseHandshake(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = connect(server)) {
			send(peer, CLOSE, ByteBuffer.allocate(2).putShort((short) 1000).array());
			TlsShutdownEvent event = PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatLeavesWithoutACloseHandshakeIsAnsweredByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy)) {
			try (TlsPeer peer = connect(server)) {
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
			}
			try (TlsPeer peer = connect(server)) {
				peer.sendFin();
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
					.isEqualTo(TlsShutdownOutcome.UNCLEAN);
			}
		}
	}

	@Test
	void clientIsToldThatTheServerBeginsToStop() throws Exception {
		TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL);
		try (TlsPeer peer = connect(server)) {
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			peer.readAtLeast(4);
			// A reason follows
			assertThat(HexFormat.of().formatHex(peer.takeReceived())).matches("88..03e9.*");
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	private static TestServer start(TlsShutdownPolicy policy) {
		return TestServer.start(new Class<?>[] { WebSocket.class }, "tls.shutdown.policy=" + policy);
	}

	private static TlsPeer connect(TestServer server) throws IOException {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
		peer.send("GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
				+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
		peer.readResponse("");
		send(peer, TEXT, "hello".getBytes(StandardCharsets.US_ASCII));
		peer.readAtLeast(7);
		assertThat(new String(peer.takeReceived(), 2, 5, StandardCharsets.US_ASCII)).isEqualTo("hello");
		return peer;
	}

	// Masked with zeros
	private static void send(TlsPeer peer, int type, byte[] payload) throws IOException {
		int masked = 0x80;
		peer.send(ByteBuffer.allocate(6 + payload.length)
			.put((byte) type)
			.put((byte) (masked | payload.length))
			.putInt(0)
			.put(payload)
			.array());
	}

	@Configuration(proxyBeanMethods = false)
	static class WebSocket {

		@Bean
		RouterFunction<ServerResponse> socketRoutes() {
			HandshakeWebSocketService service = new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy());
			return RouterFunctions.route()
				.GET("/socket",
						(request) -> service
							.handleRequest(request.exchange(),
									(session) -> session.send(session.receive().map(WebSocketMessage::retain)))
							.then(Mono.empty()))
				.build();
		}

	}

}
