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

package io.github.tlsshutdown.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ReactiveApplication;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The attribute of an exchange, in a reactive application on Tomcat.
 */
class ExchangePolicyTests {

	@ParameterizedTest
	@EnumSource
	void attributeOfExchangeDecidesForTheConnection(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = ReactiveApplication.start(new Class<?>[0]);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nPolicy: " + policy + "\r\n\r\n");
			peer.readResponse("hello");
			PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/refused", "/failing" })
	void attributeOfWhatAnswersInPlaceOfTheHandlerDecidesForTheConnection(String path) throws IOException {
		try (TestServer server = ReactiveApplication.start(new Class<?>[] { AnsweringConfiguration.class });
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get(path);
			peer.readResponse("answer");
			PolicyAssertions.assertAnswersPeer(server.recorder(), peer, TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void attributeOfExchangeWithoutServerHasNoEffect() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		exchange.getAttributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.QUIET);
		Mono<Void> handled = new ExchangePolicyWebFilter(List.of()).filter(exchange, (served) -> Mono.empty());
		assertThatNoException().isThrownBy(handled::block);
	}

	/**
	 * A filter that refuses, and a handler of errors.
	 */
	@Configuration(proxyBeanMethods = false)
	static class AnsweringConfiguration {

		@Bean
		WebFilter refusingFilter() {
			return (exchange, chain) -> exchange.getRequest().getPath().value().equals("/refused") ? answer(exchange)
					: chain.filter(exchange);
		}

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebExceptionHandler answeringHandler() {
			return (exchange, ex) -> answer(exchange);
		}

		private static Mono<Void> answer(ServerWebExchange exchange) {
			exchange.getAttributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.QUIET);
			byte[] body = "answer".getBytes(StandardCharsets.US_ASCII);
			exchange.getResponse().getHeaders().setContentLength(body.length);
			return exchange.getResponse().writeWith(Mono.just(exchange.getResponse().bufferFactory().wrap(body)));
		}

	}

}
