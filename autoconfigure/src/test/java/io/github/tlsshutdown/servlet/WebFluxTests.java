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
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ReactiveApplication;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring WebFlux on Tomcat, where every response is asynchronous.
 */
class WebFluxTests {

	private static final int UPLOAD = 12_000_000;

	private static final int CHUNKS = 300;

	private static final int CHUNK = 10_000;

	@ParameterizedTest
	@EnumSource
	void clientThatLeavesIsAnsweredByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
		}
	}

	@ParameterizedTest
	@EnumSource
	void serverThatClosesEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nhello");
		}
	}

	@ParameterizedTest
	@EnumSource
	void streamToSlowReaderArrivesWholeAndEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 65_536)) {
			peer.send("GET /stream HTTP/1.0\r\n\r\n");
			peer.readAtLeast(1);
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			String text = peer.receivedText();
			assertThat(text.substring(text.indexOf("\r\n\r\n") + 4)).hasSize(CHUNKS * CHUNK).matches("x*");
		}
	}

	@Test
	void bidirectionalDeliversRefusalOfUpload() throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.BIDIRECTIONAL);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			upload(peer);
			PolicyAssertions.assertServerEnds(server.recorder(), peer, TlsShutdownPolicy.BIDIRECTIONAL);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 413").hasSizeGreaterThan(CHUNK);
		}
		// The test can fail: without the starter it does
		try (TestServer server = start("tls.shutdown.enabled=false");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			try {
				upload(peer);
				assertThat(peer.awaitEnd()).isEqualTo(End.RST);
			}
			catch (IOException ex) {
				// It was reset while it was sending
			}
			assertThat(peer.sawCloseNotify()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatAbortsAStreamIsToldOfByItsEnd(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy)) {
			TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
			peer.get("/forever");
			peer.readAtLeast(CHUNK);
			peer.reset();
			server.recorder().awaitTotal(1);
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.RESET);
			await().until(() -> server.openConnections() == 0);
		}
	}

	private static void upload(TlsPeer peer) throws IOException {
		peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD + "\r\n\r\n");
		for (int sent = 0; sent < UPLOAD; sent += 100_000) {
			peer.send(new byte[100_000]);
		}
	}

	private static TestServer start(TlsShutdownPolicy policy) {
		return start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s");
	}

	private static TestServer start(String... properties) {
		return ReactiveApplication.start(new Class<?>[] { Routes.class }, properties);
	}

	private static Mono<ServerResponse> stream(Flux<String> body) {
		return ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).body(body, String.class);
	}

	private static Mono<ServerResponse> reject(ServerRequest request) {
		return ServerResponse.status(413).bodyValue("x".repeat(4 * UPLOAD / 100));
	}

	@Configuration(proxyBeanMethods = false)
	static class Routes {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/stream", (request) -> stream(Flux.range(0, CHUNKS).map((index) -> "x".repeat(CHUNK))))
				.GET("/forever", (request) -> stream(
						Flux.interval(Duration.ofMillis(1)).onBackpressureDrop().map((index) -> "x".repeat(CHUNK))))
				.POST("/reject", WebFluxTests::reject)
				.build();
		}

	}

}
