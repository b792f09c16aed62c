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

import java.security.KeyStore;
import java.time.Duration;

import javax.net.ssl.KeyManagerFactory;

import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * HTTP/3, whose connections are QUIC's and end by its own means.
 */
@ExtendWith(OutputCaptureExtension.class)
class Http3Tests {

	@Test
	void http3IsServedAndLeftAlone(CapturedOutput output) {
		try (TestServer server = TestServer.start(new Class<?>[] { Http3.class }, "server.ssl.enabled=false")) {
			Http3SslContextSpec trusting = Http3SslContextSpec.forClient()
				.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
			String answer = HttpClient.newConnection()
				.protocol(HttpProtocol.HTTP3)
				.secure((tls) -> tls.sslContext(trusting))
				.http3Settings((settings) -> settings.idleTimeout(Duration.ofSeconds(5))
					.maxData(1_000_000)
					.maxStreamDataBidirectionalLocal(1_000_000))
				.get()
				.uri("https://localhost:" + server.port() + "/hello")
				.responseSingle((response, body) -> body.asString())
				.block(Duration.ofSeconds(20));
			assertThat(answer).isEqualTo("hello");
			assertThat(server.recorder().connectors()).isEmpty();
			assertThat(server.recorder().events()).isEmpty();
		}
		assertThat(output).doesNotContain("tls.shutdown");
	}

	@Configuration(proxyBeanMethods = false)
	static class Http3 {

		@Bean(destroyMethod = "dispose")
		LoopResources datagramLoops() {
			return LoopResources.create("http3", 1, true);
		}

		@Bean
		NettyServerCustomizer http3() throws Exception {
			char[] password = TestCertificate.PASSWORD.toCharArray();
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(KeyStore.getInstance(TestCertificate.keyStore().toFile(), password), password);
			Http3SslContextSpec context = Http3SslContextSpec.forServer(keys, TestCertificate.PASSWORD);
			return (server) -> server.protocol(HttpProtocol.HTTP3)
				.secure((tls) -> tls.sslContext(context))
				.http3Settings((settings) -> settings.idleTimeout(Duration.ofSeconds(5))
					.maxData(1_000_000)
					.maxStreamDataBidirectionalLocal(1_000_000)
					.maxStreamDataBidirectionalRemote(1_000_000)
					.maxStreamsBidirectional(10)
					.tokenHandler(InsecureQuicTokenHandler.INSTANCE));
		}

	}

}
