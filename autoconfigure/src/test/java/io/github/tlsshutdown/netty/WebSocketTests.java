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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.WebSockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * WebSocket connections, with and without a close handshake of their own.
 */
class WebSocketTests {

	private static final int SMALL = 4096;

	@ParameterizedTest
	@EnumSource
	void connectionEndsByPolicyAfterItsCloseHandshake(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = WebSockets.connect(server)) {
			peer.send(WebSockets.close());
			TlsShutdownEvent event = PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatLeavesWithoutACloseHandshakeIsAnsweredByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy)) {
			try (TlsPeer peer = WebSockets.connect(server)) {
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
			}
			try (TlsPeer peer = WebSockets.connect(server)) {
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
		try (TlsPeer peer = WebSockets.connect(server)) {
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			WebSockets.readGoingAway(peer);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void clientThatIsUpgradedDuringTheStopIsToldOfIt() throws Exception {
		TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL);
		Upgrade upgrade = server.context().getBean(Upgrade.class);
		try (TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			idle.get("/hello");
			idle.readResponse("hello");
			peer.send(WebSockets.UPGRADE.replace("/socket", "/late-socket"));
			await().until(upgrade.asked::isDone);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
			upgrade.granted.complete(null);
			WebSockets.readUpgradeAndGoingAway(peer);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void clientThatIsNotToldOfTheStopAsItReadsNothingIsNotLoggedAsAnError(CapturedOutput output) throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { WebSocket.class }, "tls.shutdown.timeout=500ms",
				"spring.lifecycle.timeout-per-shutdown-phase=500ms");
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), SMALL)) {
			peer.send(WebSockets.UPGRADE.replace("/socket", "/flood"));
			peer.readAtLeast(SMALL);
			server.close();
			assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
				.isEqualTo(TlsShutdownOutcome.TIMED_OUT);
			assertThat(output).doesNotContain(" ERROR ");
		}
	}

	private static TestServer start(TlsShutdownPolicy policy) {
		return TestServer.start(new Class<?>[] { WebSocket.class }, "tls.shutdown.policy=" + policy);
	}

	@Configuration(proxyBeanMethods = false)
	static class WebSocket {

		@Bean
		Upgrade upgrade() {
			return new Upgrade(new CompletableFuture<>(), new CompletableFuture<>());
		}

		@Bean
		RouterFunction<ServerResponse> socketRoutes(Upgrade upgrade) {
			return RouterFunctions.route()
				.GET("/socket", WebSocket::echo)
				.GET("/flood", WebSocket::flood)
				.GET("/late-socket",
						(request) -> Mono.fromRunnable(() -> upgrade.asked.complete(null))
							.then(Mono.fromFuture(upgrade.granted, true))
							.then(echo(request)))
				.build();
		}

		private static Mono<ServerResponse> echo(ServerRequest request) {
			return new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy())
				.handleRequest(request.exchange(),
						(session) -> session.send(session.receive().map(WebSocketMessage::retain)))
				.then(Mono.empty());
		}

		private static Mono<ServerResponse> flood(ServerRequest request) {
			String message = "x".repeat(SMALL);
			return new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy())
				.handleRequest(request.exchange(),
						(session) -> session
							.send(Flux.<String>generate((sink) -> sink.next(message)).map(session::textMessage)))
				.then(Mono.empty());
		}

	}

	private record Upgrade(CompletableFuture<Void> asked, CompletableFuture<Void> granted) {

	}

}
