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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
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

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ReactiveApplication;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring WebFlux on Tomcat, whose responses are not finished: their publisher fails when
 * it has begun, or their client does not read.
 */
@TestInstance(Lifecycle.PER_CLASS)
class WebFluxUnfinishedResponseTests {

	private static final int CHUNK = 10_000;

	private static final int CHUNKS = 2000;

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = ReactiveApplication.start(new Class<?>[] { Routes.class }, "server.tomcat.connection-timeout=1s",
				"server.jetty.connection-idle-timeout=1s");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void responseThatFailsWhenItHasBegunIsNotSigned(TlsShutdownPolicy policy) throws IOException {
		assertAborted(policy, "GET /failing HTTP/1.0\r\n\r\n");
		assertAborted(policy, "GET /failing HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertAborted(policy, "GET /failing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	}

	private void assertAborted(TlsShutdownPolicy policy, String request) throws IOException {
		this.server.usePolicy(policy);
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
				peer.send(request);
				PolicyAssertions.assertAborted(this.server.recorder(), peer, policy);
				assertThat(peer.receivedText()).contains(" 200 ").contains("xxx").doesNotEndWith("\r\n0\r\n\r\n");
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseThatCannotBeWrittenInTimeIsNotSigned(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol)) {
				peer.send("GET /large HTTP/1.0\r\n\r\n");
				peer.readAtLeast(1);
				await().atMost(Duration.ofSeconds(20)).until(() -> this.server.openConnections() == 0);
				PolicyAssertions.assertAborted(this.server.recorder(), peer, policy);
				assertThat(peer.receivedBytes()).isLessThan(CHUNK * CHUNKS);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseThatFailsBeforeItHasBegunIsWholeAndSigned(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.send("GET /failing-early HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 500");
		}
	}

	private static Mono<ServerResponse> stream(Flux<String> body) {
		return ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).body(body, String.class);
	}

	private static Flux<String> large() {
		return Flux.range(0, CHUNKS).map((index) -> "x".repeat(CHUNK));
	}

	private static Mono<ServerResponse> failing(ServerRequest request) {
		Flux<String> error = Flux.error(new IllegalStateException("thrown by the test"));
		// Not before what comes first was written
		return stream(Flux.concat(large().take(2), error.delaySubscription(Duration.ofMillis(100))));
	}

	@Configuration(proxyBeanMethods = false)
	static class Routes {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/failing", WebFluxUnfinishedResponseTests::failing)
				.GET("/failing-early", (request) -> Mono.error(new IllegalStateException("thrown by the test")))
				.GET("/large", (request) -> stream(large()))
				.build();
		}

	}

}
