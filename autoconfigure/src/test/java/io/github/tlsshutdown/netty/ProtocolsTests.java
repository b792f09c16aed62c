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
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.SslProvider;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything that Reactor Netty speaks over TLS, and every reason it has to close.
 */
class ProtocolsTests {

	private static final String HTTP2 = "server.http2.enabled=true";

	private static final int TEXT = 0x81;

	private static final int CLOSE = 0x88;

	static Stream<Arguments> policiesAndEngines() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("JDK", "OPENSSL").map((engine) -> Arguments.of(policy, engine)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndEngines")
	void http2ClientThatLeavesIsAnsweredByPolicy(TlsShutdownPolicy policy, String engine) throws IOException {
		try (TestServer server = start(policy, HTTP2, "test.engine=" + engine)) {
			for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
				try (Http2Peer peer = Http2Peer.connect(server.port(), protocol, 0)) {
					assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
					TlsShutdownEvent event = PolicyAssertions.assertAnswersPeer(server.recorder(), peer.tls(), policy);
					assertThat(event.protocol()).isEqualTo(protocol);
				}
				try (Http2Peer peer = Http2Peer.connect(server.port(), protocol, 0)) {
					assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
					peer.tls().sendFin();
					assertThat(peer.tls().awaitEnd()).isEqualTo(End.FIN);
					assertThat(server.recorder().awaitEvent(peer.tls().localPort()).outcome())
						.isEqualTo(TlsShutdownOutcome.UNCLEAN);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void http2ConnectionIsToldByGoAwayAndEndsByPolicyWhenTheServerStops(TlsShutdownPolicy policy) throws Exception {
		TestServer server = start(policy, HTTP2);
		try (Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
			Thread stop = new Thread(server::close);
			stop.start();
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.goAways()).isNotEmpty();
			PolicyAssertions.assertServerEnds(server.recorder(), peer.tls(), policy);
			stop.join(Duration.ofSeconds(20).toMillis());
		}
		finally {
			server.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void lastRequestWithTheAttributeDecides(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL, HTTP2)) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.send("GET /bye HTTP/1.1\r\nHost: localhost\r\nPolicy: " + policy + "\r\n\r\n");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			}
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nPolicy: quiet\r\n\r\n");
				peer.readResponse("hello");
				peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nPolicy: " + policy + "\r\n\r\n");
				peer.readResponse("hello");
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
			}
		}
	}

	@Test
	void valueOfTheAttributeThatIsNoPolicyHasNoEffect() throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.QUIET);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("GET /bye HTTP/1.1\r\nHost: localhost\r\nPolicy: loud\r\n\r\n");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, TlsShutdownPolicy.QUIET);
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndEngines")
	void rulesSeeWhatTheConnectionIs(TlsShutdownPolicy policy, String engine) throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL, HTTP2, "test.engine=" + engine,
				"tls.shutdown.rules[0].server-name=www.example.com", "tls.shutdown.rules[0].policy=" + policy,
				"tls.shutdown.rules[1].application-protocol=h2", "tls.shutdown.rules[1].policy=quiet")) {
			SSLParameters parameters = new SSLParameters();
			parameters.setServerNames(List.of(new SNIHostName("www.example.com")));
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 0, parameters)) {
				peer.get("/bye");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			}
			try (Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
				assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer.tls(), TlsShutdownPolicy.QUIET);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndEngines")
	void serverNameIsKnownWhereItChoosesTheCertificate(TlsShutdownPolicy policy, String engine) throws IOException {
		// Spring Boot's own SSL configuration has Netty wait for the name
		try (TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL, "test.engine=default",
				"tls.shutdown.rules[0].server-name=www.example.com", "tls.shutdown.rules[0].policy=" + policy)) {
			SSLParameters parameters = new SSLParameters();
			parameters.setServerNames(List.of(new SNIHostName("www.example.com")));
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.2", TlsPeer.newContext(), 0, parameters)) {
				peer.get("/bye");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			}
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, TlsShutdownPolicy.UNIDIRECTIONAL);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void idleConnectionEndsByPolicyAfterItsTime(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "server.netty.idle-timeout=500ms");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionEndsByPolicyAfterItsLastRequest(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "server.netty.max-keep-alive-requests=2");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			peer.get("/hello");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedText()).endsWith("hello");
		}
	}

	@ParameterizedTest
	@EnumSource
	void eventsOfServerEndByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Events.class }, "tls.shutdown.policy=" + policy);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedText().split("data:")).hasSize(4);
			assertThat(peer.receivedText()).endsWith("\r\n0\r\n\r\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "JDK", "OPENSSL", "default" })
	void plainHttpIsRedirectedAndTlsEndsByPolicy(String engine) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Redirect.class },
				"tls.shutdown.policy=bidirectional", "test.engine=" + engine)) {
			try (Socket socket = new Socket("localhost", server.port())) {
				socket.setSoTimeout(20_000);
				socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
				assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 308");
				assertThat(server.recorder().awaitEvent(socket.getLocalPort()).outcome())
					.isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
			}
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, TlsShutdownPolicy.BIDIRECTIONAL);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void webSocketEndsByPolicyAfterItsCloseHandshake(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { WebSocket.class },
				"tls.shutdown.policy=" + policy)) {
			try (TlsPeer peer = connectWebSocket(server)) {
				send(peer, CLOSE, ByteBuffer.allocate(2).putShort((short) 1000).array());
				TlsShutdownEvent event = PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			}
			try (TlsPeer peer = connectWebSocket(server)) {
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
			}
		}
	}

	@Test
	void webSocketIsToldThatTheServerBeginsToStop() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { WebSocket.class });
		try (TlsPeer peer = connectWebSocket(server)) {
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			peer.readAtLeast(4);
			// A reason follows
			assertThat(HexFormat.of().formatHex(peer.takeReceived())).matches("88..03e9.*");
			assertThat(peer.awaitEnd()).isEqualTo(TlsPeer.End.FIN);
			assertThat(peer.sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	private static TlsPeer connectWebSocket(TestServer server) throws IOException {
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

	private static TestServer start(TlsShutdownPolicy policy, String... properties) {
		return TestServer.start(Stream.concat(Stream.of("tls.shutdown.policy=" + policy), Stream.of(properties))
			.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Events {

		@Bean
		RouterFunction<ServerResponse> eventRoutes() {
			return RouterFunctions.route()
				.GET("/events",
						(request) -> ServerResponse.ok()
							.contentType(MediaType.TEXT_EVENT_STREAM)
							.body(Flux.range(0, 3).delayElements(Duration.ofMillis(20)), Integer.class))
				.build();
		}

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
									(session) -> session.send(
											session.receive().map(WebSocketMessage::retain).map((message) -> message)))
							.then(Mono.empty()))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Redirect {

		@Bean
		NettyServerCustomizer redirectCustomizer() {
			return (server) -> server.wiretap(true);
		}

		@Bean
		@Order(1)
		NettyServerCustomizer toHttps() {
			return (server) -> {
				SslProvider tls = server.configuration().sslProvider();
				return (tls != null) ? server.secure(tls, true) : server;
			};
		}

	}

}
