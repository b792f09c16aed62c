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
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Until when the attribute of an exchange is read, and what is kept of the exchange
 * afterwards.
 */
class ExchangesTests {

	private static final String HTTP2 = "server.http2.enabled=true";

	@ParameterizedTest
	@EnumSource
	void attributeThatIsSetWhenTheResponseHasBegunDecides(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("GET /late HTTP/1.1\r\nHost: localhost\r\nPolicy: " + policy + "\r\n\r\n");
			peer.readResponse("begun");
			PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "without text", "with an error" })
	void valueThatCannotBeReadHasNoEffect(String value) throws IOException {
		try (TestServer server = start("tls.shutdown.policy=quiet");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("GET /late HTTP/1.1\r\nHost: localhost\r\nPolicy: " + value + "\r\n\r\n");
			peer.readResponse("begun");
			PolicyAssertions.assertAnswersPeer(server.recorder(), peer, TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void exchangeOfAnIdleConnectionIsForgotten() throws IOException {
		try (TestServer server = start(); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			assertForgotten(server);
			assertThat(server.openConnections()).isOne();
		}
	}

	@Test
	void exchangeOfAnIdleHttp2ConnectionIsForgotten() throws IOException {
		try (TestServer server = start(HTTP2); Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			peer.readResponse(peer.get("/hello"));
			assertForgotten(server);
			assertThat(server.openConnections()).isOne();
		}
	}

	/**
	 * Nothing watches it, so that nothing can be recorded for it.
	 */
	@Test
	void exchangeOfAnIdleConnectionWithoutTlsIsForgotten() throws IOException {
		try (TestServer server = start("server.ssl.enabled=false");
				Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			client.getOutputStream()
				.write("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(client.getInputStream().read()).isEqualTo('H');
			assertForgotten(server);
		}
	}

	private static void assertForgotten(TestServer server) {
		Queue<WeakReference<ServerWebExchange>> exchanges = server.context().getBean(Exchanges.class).served;
		await().until(() -> {
			System.gc();
			return exchanges.size() == 1
					&& exchanges.stream().map(Reference::get).allMatch((exchange) -> exchange == null);
		});
	}

	private static TestServer start(String... properties) {
		return TestServer.start(new Class<?>[] { Exchanges.class }, properties);
	}

	/**
	 * Remembers exchanges weakly, and decides late.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Exchanges {

		private final Queue<WeakReference<ServerWebExchange>> served = new ConcurrentLinkedQueue<>();

		@Bean
		WebFilter exchangeRecorder() {
			return (exchange, chain) -> {
				this.served.add(new WeakReference<>(exchange));
				return chain.filter(exchange);
			};
		}

		@Bean
		RouterFunction<ServerResponse> lateRoutes() {
			return RouterFunctions.route()
				.GET("/late",
						(request) -> ServerResponse.ok()
							.contentLength(100)
							.body(Flux.concat(Mono.just("begun"), Mono.fromRunnable(() -> decide(request)),
									Mono.never()), String.class))
				.build();
		}

		private static void decide(ServerRequest request) {
			String policy = request.headers().asHttpHeaders().getFirst("Policy");
			request.attributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, switch (policy) {
				case "without text" -> valueOf(() -> null);
				case "with an error" -> valueOf(() -> {
					throw new AssertionError("by the test");
				});
				default -> policy;
			});
		}

		private static Object valueOf(Supplier<String> text) {
			return new Object() {

				@Override
				public String toString() {
					return text.get();
				}

			};
		}

	}

}
