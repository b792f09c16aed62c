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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Responses that our own side gives up on. Were they signed, the client would take what
 * it has for all there is.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CutResponseTests {

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { Configured.class });
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesAndPaths() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("/fails", "/fails-chunked", "/falls-short", "/aborts")
				.flatMap((path) -> Stream.of("TLSv1.2", "TLSv1.3")
					.map((protocol) -> Arguments.of(policy, path, protocol))));
	}

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("TLSv1.2", "TLSv1.3").map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndPaths")
	void responseThatIsCutIsNotSigned(TlsShutdownPolicy policy, String path, String protocol) throws IOException {
		this.server.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
			peer.get(path);
			PolicyAssertions.assertAborted(this.server.recorder(), peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").contains("part");
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseThatIsCutByTheServersStopIsNotSigned(TlsShutdownPolicy policy) throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { Configured.class }, "tls.shutdown.policy=" + policy,
				"server.shutdown=immediate", "tls.shutdown.timeout=10s");
		EventRecorder recorder = server.recorder();
		CompletableFuture<Void> stop;
		try (TlsPeer older = TlsPeer.connect(server.port(), "TLSv1.2");
				TlsPeer newer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			for (TlsPeer peer : List.of(older, newer)) {
				peer.get("/endless");
				peer.readAtLeast(1);
			}
			stop = CompletableFuture.runAsync(server::close);
			PolicyAssertions.assertAborted(recorder, older, policy);
			PolicyAssertions.assertAborted(recorder, newer, policy);
		}
		finally {
			server.close();
		}
		stop.get(20, TimeUnit.SECONDS);
		recorder.awaitTotal(2);
	}

	@ParameterizedTest
	@EnumSource
	void streamThatIsCutByTheServersStopIsReset(TlsShutdownPolicy policy) throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { Configured.class }, "tls.shutdown.policy=" + policy,
				"server.http2.enabled=true", "server.shutdown=immediate", "tls.shutdown.timeout=10s");
		CompletableFuture<Void> stop;
		try (Http2Peer older = Http2Peer.connect(server.port(), "TLSv1.2", 0);
				Http2Peer newer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			int stream = older.get("/endless");
			assertThat(newer.get("/endless")).isEqualTo(stream);
			older.readSomeDataOf(stream);
			newer.readSomeDataOf(stream);
			stop = CompletableFuture.runAsync(server::close);
			for (Http2Peer peer : List.of(older, newer)) {
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				// Which tells the client, so that the connection may be signed
				assertThat(peer.resetStreams()).containsExactly(stream);
				PolicyAssertions.assertServerEnds(server.recorder(), peer.tls(), policy);
			}
		}
		finally {
			server.close();
		}
		stop.get(20, TimeUnit.SECONDS);
		server.recorder().awaitTotal(2);
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void responseThatTheClientDoesNotWaitForIsNotCutByUs(TlsShutdownPolicy policy, String protocol) throws IOException {
		this.server.usePolicy(policy);
		for (TlsShutdownOutcome expected : List.of(TlsShutdownOutcome.RESET, TlsShutdownOutcome.UNCLEAN,
				TlsShutdownOutcome.COMPLETED)) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
				int port = peer.localPort();
				peer.get("/endless");
				peer.readAtLeast(1);
				switch (expected) {
					case RESET -> peer.reset();
					case UNCLEAN -> peer.sendFin();
					default -> peer.sendCloseNotify();
				}
				assertThat(this.server.recorder().awaitEvent(port).outcome())
					.isEqualTo((expected == TlsShutdownOutcome.COMPLETED && policy == TlsShutdownPolicy.QUIET)
							? TlsShutdownOutcome.QUIET : expected);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void responseThatIsWholeIsSigned(TlsShutdownPolicy policy, String protocol) throws IOException {
		this.server.usePolicy(policy);
		for (String request : List.of("GET /unsized", "HEAD /bye?size=100", "GET /chunked")) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
				peer.send(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
				PolicyAssertions.assertServerEnds(this.server.recorder(), peer, policy);
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		RouterFunction<ServerResponse> cutRoutes() {
			return RouterFunctions.route()
				.GET("/fails", (request) -> body(failing(), 1000, request))
				.GET("/fails-chunked", (request) -> body(failing(), -1, request))
				.GET("/falls-short", (request) -> body(Flux.just(data("part")), 1000, request))
				.GET("/aborts", (request) -> {
					request.attributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.ABORT);
					return ServerResponse.ok().header("Connection", "close").bodyValue("part");
				})
				.GET("/endless",
						(request) -> body(
								Flux.interval(Duration.ofMillis(20)).onBackpressureDrop().map((tick) -> data("part")),
								-1, request))
				.GET("/chunked", (request) -> body(Flux.just(data("a"), data("b")), -1, request))
				.GET("/unsized",
						(request) -> ServerResponse.ok()
							.header("Connection", "close")
							.headers((headers) -> headers.remove("Content-Length"))
							.body(BodyInserters.fromDataBuffers(Flux.just(data("a"), data("b")))))
				.build();
		}

		private static Mono<ServerResponse> body(Flux<DataBuffer> data, int length, ServerRequest request) {
			ServerResponse.BodyBuilder response = ServerResponse.ok();
			if (length != -1) {
				response.contentLength(length);
				response.header("Connection", "close");
			}
			// Written one by one, so that the response has begun
			return response.body((message, context) -> message.writeAndFlushWith(data.map(Mono::just)));
		}

		private static Flux<DataBuffer> failing() {
			return Flux.concat(Flux.just(data("part")),
					Mono.delay(Duration.ofMillis(50)).then(Mono.error(new IllegalStateException("On purpose"))));
		}

		private static DataBuffer data(String text) {
			return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.US_ASCII));
		}

	}

}
