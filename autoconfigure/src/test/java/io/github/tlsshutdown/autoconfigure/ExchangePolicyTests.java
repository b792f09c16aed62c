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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
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

	@Test
	void attributeOfExchangeWithoutServerHasNoEffect() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		exchange.getAttributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.QUIET);
		Mono<Void> handled = new ExchangePolicyWebFilter().filter(exchange, (served) -> Mono.empty());
		assertThatNoException().isThrownBy(handled::block);
	}

}
