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

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.netty.http.Http3SettingsSpec;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import io.github.tlsshutdown.autoconfigure.TlsShutdownMetricsAutoConfiguration;
import io.github.tlsshutdown.autoconfigure.TlsShutdownUnusedPropertiesAutoConfiguration;
import io.github.tlsshutdown.metrics.TlsShutdownMetrics;
import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * HTTP/3 runs over QUIC, whose connections have no {@code close_notify}: there is nothing
 * to end by a policy.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class Http3Tests {

	private static final int SIZE = 1_000_000;

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ConnectionProvider connections = ConnectionProvider.create("http3", 1);

	private LoopResources loops;

	@BeforeEach
	void startLoops() {
		this.loops = LoopResources.create("http3-client", 1, true);
	}

	@AfterEach
	void stopLoops() {
		this.connections.disposeLater().block(PATIENCE);
		this.loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
	}

	@ParameterizedTest
	@EnumSource
	void responsesArriveWholeAndNothingIsCounted(NettyTransportKind transport, CapturedOutput output) {
		transport.assumeAvailable();
		TestServer server = start("test.transport=" + transport);
		try {
			assertThat(server.recorder().connectors()).isEmpty();
			HttpClient client = client(server.port());
			assertThat(get(client, "/hello")).isEqualTo("hello".length());
			assertThat(get(client, "/hello?size=" + SIZE)).isEqualTo(SIZE);
			assertThat(get(client, "/bye?size=" + SIZE)).isEqualTo(SIZE);
			assertThat(server.context().getBeanProvider(TlsShutdownMetrics.class)).hasSize(1);
			MeterRegistry meters = server.context().getBean(MeterRegistry.class);
			assertThat(meters.getMeters()).noneMatch((meter) -> meter.getId().getName().startsWith("tls.shutdown"));
		}
		finally {
			long start = System.nanoTime();
			server.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
		}
		assertThat(server.recorder().events()).isEmpty();
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@Test
	void propertiesThatHaveNoEffectAreReported(CapturedOutput output) {
		try (TestServer server = start("tls.shutdown.policy=bidirectional")) {
			assertThat(get(client(server.port()), "/bye")).isEqualTo("bye".length());
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("tls.shutdown.* is set but has no effect", "HTTP/3");
	}

	private static TestServer start(String... properties) {
		return TestServer.start(new Class<?>[] { Http3.class }, properties);
	}

	private static int get(HttpClient client, String path) {
		Integer length = client.get().uri(path).responseSingle((response, content) -> {
			assertThat(response.version().text()).isEqualTo("HTTP/3.0");
			assertThat(response.status().code()).isEqualTo(200);
			return content.asByteArray().map((bytes) -> bytes.length);
		}).block(PATIENCE);
		assertThat(length).isNotNull();
		return length;
	}

	/**
	 * On NIO: Reactor Netty itself would take io_uring where there is one, and on some
	 * kernels an io_uring client never reads an answer over UDP.
	 */
	private HttpClient client(int port) {
		Http3SslContextSpec context = Http3SslContextSpec.forClient()
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
		return HttpClient.create(this.connections)
			.runOn(this.loops, false)
			.host("localhost")
			.port(port)
			.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(context))
			.http3Settings(Http3Tests::limits);
	}

	/**
	 * QUIC allows nothing that is not set.
	 */
	private static void limits(Http3SettingsSpec.Builder settings) {
		settings.idleTimeout(PATIENCE)
			.maxData(10 * SIZE)
			.maxStreamDataBidirectionalLocal(SIZE)
			.maxStreamDataBidirectionalRemote(SIZE)
			.maxStreamsBidirectional(100);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TlsShutdownMetricsAutoConfiguration.class,
			TlsShutdownUnusedPropertiesAutoConfiguration.class })
	static class Http3 {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		/**
		 * Spring Boot has no property for it.
		 */
		@Bean
		@Order(1)
		NettyServerCustomizer http3Customizer() throws Exception {
			char[] password = TestCertificate.PASSWORD.toCharArray();
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(KeyStore.getInstance(TestCertificate.keyStore().toFile(), password), password);
			Http3SslContextSpec context = Http3SslContextSpec.forServer(keys, TestCertificate.PASSWORD);
			return (server) -> server.protocol(HttpProtocol.HTTP3)
				.secure((spec) -> spec.sslContext(context))
				.http3Settings(Http3Tests::limits);
		}

	}

}
