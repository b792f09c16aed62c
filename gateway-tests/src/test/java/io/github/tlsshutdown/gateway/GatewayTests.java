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

package io.github.tlsshutdown.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring Cloud Gateway in front of a TLS backend, both on Reactor Netty with the starter.
 */
class GatewayTests {

	private static final String PASSWORD = "changeit";

	private static final int ANSWER = 400_000;

	private static final int UPLOAD = 30_000_000;

	@TempDir
	private static Path directory;

	private static SSLContext trust;

	private static ConfigurableApplicationContext backend;

	private static ConfigurableApplicationContext gateway;

	@BeforeAll
	static void startServers() throws Exception {
		Path keyStore = directory.resolve("keys.p12");
		String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname",
				"CN=localhost", "-ext", "san=dns:localhost", "-storetype", "PKCS12", "-keystore", keyStore.toString(),
				"-storepass", PASSWORD)
			.inheritIO()
			.start();
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		KeyStore keys = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
		KeyStore certificates = KeyStore.getInstance(KeyStore.getDefaultType());
		certificates.load(null, null);
		certificates.setCertificateEntry("test", keys.getCertificate("test"));
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(certificates);
		trust = SSLContext.getInstance("TLS");
		trust.init(null, managers.getTrustManagers(), null);
		backend = start(Backend.class, keyStore, "spring.cloud.gateway.server.webflux.enabled=false");
		gateway = start(Gateway.class, keyStore,
				"spring.cloud.gateway.server.webflux.httpclient.ssl.use-insecure-trust-manager=true",
				"spring.cloud.gateway.server.webflux.routes[0].id=backend",
				"spring.cloud.gateway.server.webflux.routes[0].uri=https://localhost:" + port(backend),
				"spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/**");
	}

	private static ConfigurableApplicationContext start(Class<?> application, Path keyStore, String... properties) {
		return new SpringApplicationBuilder(application)
			.properties("server.port=0", "server.http2.enabled=true", "server.ssl.key-store=file:" + keyStore,
					"server.ssl.key-store-password=" + PASSWORD, "spring.cloud.compatibility-verifier.enabled=false",
					"tls.shutdown.policy=bidirectional")
			.properties(properties)
			.run();
	}

	private static int port(ConfigurableApplicationContext server) {
		return server.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@AfterAll
	static void everyConnectionWasEndedInOrder() {
		// The last ones end with the servers, the gateway's to the backend before that
		Events[] events = { gateway.getBean(Events.class), backend.getBean(Events.class) };
		gateway.close();
		backend.close();
		for (Events each : events) {
			assertThat(each.events).isNotEmpty().doesNotHaveDuplicates();
		}
	}

	@ParameterizedTest
	@EnumSource
	void answersComeThrough(Version version) throws Exception {
		HttpClient client = HttpClient.newBuilder().sslContext(trust).version(version).build();
		for (int i = 0; i < 5; i++) {
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("https://localhost:" + port(gateway) + "/hello?size=" + ANSWER))
				.build();
			HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
			assertThat(response.version()).isEqualTo(version);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).hasSize(ANSWER);
		}
	}

	@Test
	void answerToAnUploadThatTheBackendRefusesComesThroughWhole() throws Exception {
		for (int i = 0; i < 5; i++) {
			int port = upload();
			await().untilAsserted(() -> assertThat(gateway.getBean(Events.class).outcome(port))
				.isEqualTo(TlsShutdownOutcome.COMPLETED));
		}
	}

	private static int upload() throws IOException {
		try (SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port(gateway))) {
			socket.setSoTimeout(20_000);
			OutputStream output = socket.getOutputStream();
			output.write(("POST /reject HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + UPLOAD
					+ "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			byte[] part = new byte[100_000];
			for (int sent = 0; sent < UPLOAD; sent += part.length) {
				output.write(part);
			}
			String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(response).startsWith("HTTP/1.1 413 ");
			assertThat(response.chars().filter((character) -> character == '.').count()).isGreaterThanOrEqualTo(ANSWER);
			return socket.getLocalPort();
		}
	}

	/**
	 * Remembers how connections ended.
	 */
	static class Events implements TlsShutdownListener {

		private final Collection<TlsShutdownEvent> events = new ConcurrentLinkedQueue<>();

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.events.add(event);
		}

		private TlsShutdownOutcome outcome(int port) {
			return this.events.stream()
				.filter((event) -> event.remoteAddress() != null && event.remoteAddress().getPort() == port)
				.map(TlsShutdownEvent::outcome)
				.findAny()
				.orElse(null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Gateway {

		@Bean
		Events events() {
			return new Events();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Backend {

		@Bean
		Events events() {
			return new Events();
		}

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue(".".repeat(ANSWER)))
				.POST("/reject",
						(request) -> ServerResponse.status(413)
							.header("Connection", "close")
							.bodyValue(".".repeat(ANSWER)))
				.build();
		}

	}

}
