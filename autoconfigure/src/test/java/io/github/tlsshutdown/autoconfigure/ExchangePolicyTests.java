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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The attribute of an exchange, in a reactive application on Tomcat.
 */
class ExchangePolicyTests {

	@ParameterizedTest
	@EnumSource
	void attributeOfExchangeDecidesForTheConnection(TlsShutdownPolicy policy) throws IOException {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--server.ssl.key-store=file:" + TestCertificate.keyStore(),
					"--server.ssl.key-store-password=" + TestCertificate.PASSWORD)) {
			int port = ((ReactiveWebServerApplicationContext) context).getWebServer().getPort();
			try (TlsPeer peer = TlsPeer.connect(port, "TLSv1.3")) {
				peer.send("GET /" + policy + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
				peer.readResponse("hello");
				peer.sendCloseNotify();
				assertThat(context.getBean(EventRecorder.class).awaitEvent(peer.localPort()).policy())
					.isEqualTo(policy);
			}
		}
	}

	@Test
	void attributeOfExchangeWithoutServerHasNoEffect() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		exchange.getAttributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.QUIET);
		Mono<Void> handled = new ExchangePolicyWebFilter().filter(exchange, (served) -> Mono.empty());
		assertThatNoException().isThrownBy(handled::block);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, TomcatReactiveWebServerAutoConfiguration.class,
			TlsShutdownAutoConfiguration.class })
	static class Application {

		@Bean
		EventRecorder eventRecorder() {
			return new EventRecorder();
		}

		@Bean
		HttpHandler httpHandler(ApplicationContext context) {
			return WebHttpHandlerBuilder.applicationContext(context).build();
		}

		@Bean
		WebHandler webHandler() {
			return (exchange) -> {
				exchange.getAttributes()
					.put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, exchange.getRequest().getPath().value().substring(1));
				byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
				exchange.getResponse().getHeaders().setContentLength(body.length);
				return exchange.getResponse().writeWith(Mono.just(exchange.getResponse().bufferFactory().wrap(body)));
			};
		}

	}

}
