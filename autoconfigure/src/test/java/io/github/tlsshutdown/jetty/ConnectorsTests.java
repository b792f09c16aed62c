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

package io.github.tlsshutdown.jetty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

import javax.net.ssl.SSLEngine;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connectors that the application adds, or has made itself.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectorsTests {

	@ParameterizedTest
	@EnumSource
	void additionalConnectorEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Additional.class },
				"tls.shutdown.policy=" + policy)) {
			assertThat(server.recorder().connectors()).hasSize(2);
			for (TlsShutdownConnector connector : server.recorder().connectors()) {
				try (TlsPeer peer = TlsPeer.connect(connector.getPort(), "TLSv1.3")) {
					peer.get("/bye");
					assertThat(PolicyAssertions.assertServerEnds(server.recorder(), peer, policy).connector())
						.isEqualTo(connector.getName());
				}
			}
			assertThat(server.recorder().connectors()).extracting(TlsShutdownConnector::getName)
				.anyMatch((name) -> name.startsWith("extra-"))
				.anyMatch((name) -> name.startsWith("https-jetty-"));
		}
	}

	@Test
	void connectionsThatNeverGetAnEngineAreToldOf() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Failing.class },
				"tls.shutdown.policy=bidirectional")) {
			TlsShutdownConnector connector = server.recorder()
				.connectors()
				.stream()
				.filter((candidate) -> candidate.getName().startsWith("failing-"))
				.findFirst()
				.orElseThrow();
			for (int i = 1; i <= 10; i++) {
				try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getPort())) {
					socket.setSoTimeout(20_000);
					assertThat(socket.getInputStream().read()).isEqualTo(-1);
					TlsShutdownEvent event = server.recorder().awaitEvent(socket.getLocalPort());
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
					assertThat(event.connector()).isEqualTo(connector.getName());
				}
				server.recorder().awaitTotal(i);
			}
			assertThat(connector.getOpen()).isZero();
		}
	}

	@Test
	void factoryOfTheApplicationsOwnIsLeftAloneWithOneWarning(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { OwnFactory.class }, "tls.shutdown.policy=quiet")) {
			assertThat(server.recorder().connectors()).isEmpty();
			for (int i = 0; i < 3; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.get("/bye");
					assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
					assertThat(peer.sawCloseNotify()).isTrue();
				}
			}
			assertThat(server.recorder().events()).isEmpty();
		}
		assertThat(output.getAll().split("set by the application: tls.shutdown", -1)).hasSize(2);
		assertThat(output).contains(OwnSslConnectionFactory.class.getName());
	}

	@Test
	void connectorWithoutTlsIsLeftAlone(CapturedOutput output) {
		try (TestServer server = TestServer.start("server.ssl.enabled=false", "tls.shutdown.policy=quiet")) {
			assertThat(server.recorder().connectors()).isEmpty();
		}
		assertThat(output).doesNotContain("does not apply");
	}

	private static void addConnector(Server server, String name, SslContextFactory.Server tls) {
		tls.setKeyStorePath(TestCertificate.keyStore().toUri().toString());
		tls.setKeyStorePassword(TestCertificate.PASSWORD);
		HttpConfiguration http = new HttpConfiguration();
		SecureRequestCustomizer secure = new SecureRequestCustomizer();
		secure.setSniHostCheck(false);
		http.addCustomizer(secure);
		ServerConnector connector = new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"),
				new HttpConnectionFactory(http));
		connector.setName(name);
		server.addConnector(connector);
	}

	@Configuration(proxyBeanMethods = false)
	static class Additional {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> extraConnector() {
			return (factory) -> factory
				.addServerCustomizers((server) -> addConnector(server, "extra", new SslContextFactory.Server()));
		}

	}

	/**
	 * Refuses every connection.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> failingConnector() {
			return (factory) -> factory
				.addServerCustomizers((server) -> addConnector(server, "failing", new SslContextFactory.Server() {

					@Override
					public SSLEngine newSSLEngine(InetSocketAddress address) {
						throw new IllegalStateException("thrown by the test");
					}

				}));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> ownFactory() {
			return (factory) -> factory.addServerCustomizers((server) -> {
				for (Connector connector : server.getConnectors()) {
					SslConnectionFactory original = connector.getConnectionFactory(SslConnectionFactory.class);
					((ServerConnector) connector).addConnectionFactory(
							new OwnSslConnectionFactory(original.getSslContextFactory(), original.getNextProtocol()));
				}
			});
		}

	}

	static class OwnSslConnectionFactory extends SslConnectionFactory {

		OwnSslConnectionFactory(SslContextFactory.Server tls, String next) {
			super(tls, next);
		}

	}

}
