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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.TomcatWebServerConfiguration;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Documentation;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ReactiveApplication;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A separate management port with TLS of its own: its server belongs to a context that is
 * a child of the application's.
 */
class ManagementPortTests {

	private static final String[] TLS = { "management.server.port=0",
			"management.server.ssl.key-store=file:" + TestCertificate.keyStore(),
			"management.server.ssl.key-store-password=" + TestCertificate.PASSWORD };

	@ParameterizedTest
	@EnumSource
	void bothPortsEndByPolicy(TlsShutdownPolicy policy) throws IOException {
		EventRecorder recorder;
		try (TestServer server = TestServer.start(new Class<?>[] { Management.class }, TLS[0], TLS[1], TLS[2],
				"tls.shutdown.policy=" + policy)) {
			recorder = server.recorder();
			assertBothEndByPolicy(recorder, server.port(), managementPort(server.context()), policy);
		}
		assertThat(recorder.connectors()).isEmpty();
	}

	@Test
	void silentPeersOfBothPortsAreWaitedForTogether() throws IOException {
		Duration timeout = Duration.ofSeconds(4);
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { Management.class }, TLS[0], TLS[1], TLS[2],
				"tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=" + timeout.toMillis())) {
			for (TlsShutdownConnector connector : server.recorder().connectors()) {
				TlsPeer peer = TlsPeer.connect(connector.getPort(), "TLSv1.3");
				peers.add(peer);
			}
			long start = System.nanoTime();
			server.context().close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(timeout, timeout.multipliedBy(2));
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.TIMED_OUT, 2L));
			assertThat(server.recorder().connectors()).isEmpty();
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	@Test
	void managementPortOfTheDocumentationEndsByPolicy(@TempDir Path directory) throws IOException {
		String yaml = Documentation.firstYaml("everywhere.md");
		assertThat(yaml).contains("8444");
		Path example = Files.writeString(directory.resolve("example.yml"), yaml.replace("8444", "0"));
		try (TestServer server = TestServer.start(new Class<?>[] { Management.class },
				"spring.config.import=" + example.toUri(),
				"spring.ssl.bundle.jks.management.keystore.location=file:" + TestCertificate.keyStore(),
				"spring.ssl.bundle.jks.management.keystore.password=" + TestCertificate.PASSWORD,
				"tls.shutdown.policy=quiet")) {
			assertBothEndByPolicy(server.recorder(), server.port(), managementPort(server.context()),
					TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void managementPortWhenOnlyItHasTlsEndsByPolicy() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Management.class }, TLS[0], TLS[1], TLS[2],
				"server.ssl.enabled=false", "tls.shutdown.policy=quiet")) {
			assertThat(server.recorder().connectors()).singleElement()
				.satisfies((connector) -> assertThat(connector.getPort()).isEqualTo(managementPort(server.context())));
			assertEndsByPolicy(server.recorder(), server.recorder().connectors().get(0), TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void managementPortWhenWithoutTlsIsLeftAlone() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Management.class }, "management.server.port=0",
				"management.server.ssl.enabled=false", "tls.shutdown.policy=quiet")) {
			assertThat(managementPort(server.context())).isPositive();
			assertThat(server.recorder().connectors()).singleElement()
				.extracting(TlsShutdownConnector::getPort)
				.isEqualTo(server.port());
		}
	}

	@Test
	void managementPortWhenDisabledIsTomcats() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Management.class }, TLS[0], TLS[1], TLS[2],
				"tls.shutdown.enabled=false", "tls.shutdown.policy=quiet");
				TlsPeer peer = TlsPeer.connect(managementPort(server.context()), "TLSv1.3")) {
			getAndClose(peer);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.sawCloseNotify()).isTrue();
			assertThat(server.recorder().connectors()).isEmpty();
			assertThat(server.recorder().events()).isEmpty();
		}
	}

	@Test
	void bothPortsWhenApplicationIsReactiveEndByPolicy() throws IOException {
		try (TestServer server = ReactiveApplication.start(new Class<?>[] { ReactiveManagement.class }, TLS[0], TLS[1],
				TLS[2], "tls.shutdown.policy=quiet")) {
			assertBothEndByPolicy(server.recorder(), server.port(), managementPort(server.context()),
					TlsShutdownPolicy.QUIET);
		}
	}

	private static int managementPort(ConfigurableApplicationContext context) {
		return port(context, "local.management.port");
	}

	private static int port(ConfigurableApplicationContext context, String property) {
		return context.getEnvironment().getRequiredProperty(property, Integer.class);
	}

	private static void assertBothEndByPolicy(EventRecorder recorder, int port, int managementPort,
			TlsShutdownPolicy policy) throws IOException {
		List<TlsShutdownConnector> connectors = recorder.connectors();
		assertThat(connectors).extracting(TlsShutdownConnector::getPort).containsExactly(port, managementPort);
		assertThat(connectors).extracting(TlsShutdownConnector::getName).doesNotHaveDuplicates();
		for (TlsShutdownConnector connector : connectors) {
			assertEndsByPolicy(recorder, connector, policy);
		}
	}

	private static void assertEndsByPolicy(EventRecorder recorder, TlsShutdownConnector connector,
			TlsShutdownPolicy policy) throws IOException {
		assertThat(connector.getName()).matches("https-jsse-nio-auto-\\d+");
		try (TlsPeer peer = TlsPeer.connect(connector.getPort(), "TLSv1.3")) {
			getAndClose(peer);
			TlsShutdownEvent event = PolicyAssertions.assertServerEnds(recorder, peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 ");
			assertThat(event.connector()).isEqualTo(connector.getName());
		}
	}

	private static void getAndClose(TlsPeer peer) throws IOException {
		peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
			ManagementContextAutoConfiguration.class, TomcatServletManagementContextAutoConfiguration.class })
	static class Management {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ManagementContextAutoConfiguration.class)
	static class ReactiveManagement {

		/**
		 * As Spring Boot has it, with something to serve.
		 */
		@Bean
		static ManagementContextFactory managementContextFactory() {
			return new ManagementContextFactory(WebApplicationType.REACTIVE, ReactiveWebServerFactory.class,
					TomcatReactiveWebServerAutoConfiguration.class, TomcatWebServerConfiguration.class, Handler.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Handler {

		@Bean
		HttpHandler httpHandler() {
			return (request, response) -> response.setComplete();
		}

	}

}
