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
import java.util.List;
import java.util.Map;

import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.SslConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.tomcat.TlsShutdownConnectorCustomizer;
import io.github.tlsshutdown.tomcat.TlsShutdownHttp11NioProtocol;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connectors besides the main one, and factories that are the application's own.
 */
@ExtendWith(OutputCaptureExtension.class)
class AdditionalConnectorTests {

	private static final String[] BUNDLE = {
			"spring.ssl.bundle.jks.partners.keystore.location=file:" + TestCertificate.keyStore(),
			"spring.ssl.bundle.jks.partners.keystore.password=" + TestCertificate.PASSWORD };

	@ParameterizedTest
	@EnumSource
	void connectorThatWasCreatedByCustomizerEndsByPolicy(TlsShutdownPolicy policy, CapturedOutput output)
			throws IOException {
		try (TestServer server = start(Created.class, policy)) {
			assertBothEndByPolicy(server, policy);
		}
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void connectorThatHasTheProtocolEndsByPolicy() throws IOException {
		try (TestServer server = start(Named.class, TlsShutdownPolicy.QUIET)) {
			assertBothEndByPolicy(server, TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void connectorsOfFactoryOfTheApplicationEndByPolicy() throws IOException {
		try (TestServer server = start(OwnFactory.class, TlsShutdownPolicy.QUIET)) {
			assertBothEndByPolicy(server, TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void connectorThatHasAnotherProtocolIsLeftAloneWithOneWarning(CapturedOutput output) throws IOException {
		try (TestServer server = start(OtherProtocol.class, TlsShutdownPolicy.QUIET)) {
			assertThat(server.recorder().connectors()).singleElement()
				.extracting(TlsShutdownConnector::getPort)
				.isEqualTo(server.port());
			int port = additionalConnector(server).getLocalPort();
			try (TlsPeer peer = TlsPeer.connect(port, "TLSv1.3")) {
				peer.get("/bye");
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				assertThat(peer.sawCloseNotify()).isTrue();
			}
			assertEndsByPolicy(server.recorder(), server.recorder().connectors().get(0), TlsShutdownPolicy.QUIET);
			assertThat(server.recorder().events()).hasSize(1);
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("tls.shutdown"))).singleElement()
			.asString()
			.contains("WARN")
			.containsPattern("https-jsse-nio-auto-\\d+")
			.contains(Http11NioProtocol.class.getName())
			.contains("TlsShutdownConnectorCustomizer.createConnector()");
	}

	@Test
	void connectorWithoutTlsIsLeftAloneInSilence(CapturedOutput output) throws IOException {
		try (TestServer server = start(WithoutTls.class, TlsShutdownPolicy.QUIET)) {
			assertThat(additionalConnector(server).getLocalPort()).isPositive();
			assertEndsByPolicy(server.recorder(), server.recorder().connectors().get(0), TlsShutdownPolicy.QUIET);
		}
		assertThat(output).doesNotContain("tls.shutdown");
	}

	private static TestServer start(Class<?> configuration, TlsShutdownPolicy policy) {
		return TestServer.start(new Class<?>[] { configuration }, BUNDLE[0], BUNDLE[1],
				"tls.shutdown.policy=" + policy);
	}

	private static Connector additionalConnector(TestServer server) {
		Connector[] connectors = server.connector().getService().findConnectors();
		assertThat(connectors).hasSize(2);
		return (connectors[0] != server.connector()) ? connectors[0] : connectors[1];
	}

	private static void assertBothEndByPolicy(TestServer server, TlsShutdownPolicy policy) throws IOException {
		List<TlsShutdownConnector> connectors = server.recorder().connectors();
		assertThat(connectors).extracting(TlsShutdownConnector::getPort)
			.containsExactlyInAnyOrder(server.port(), additionalConnector(server).getLocalPort());
		assertThat(connectors).extracting(TlsShutdownConnector::getName).doesNotHaveDuplicates();
		for (TlsShutdownConnector connector : connectors) {
			assertEndsByPolicy(server.recorder(), connector, policy);
		}
	}

	private static void assertEndsByPolicy(EventRecorder recorder, TlsShutdownConnector connector,
			TlsShutdownPolicy policy) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(connector.getPort(), "TLSv1.3")) {
			peer.get("/bye");
			TlsShutdownEvent event = PolicyAssertions.assertServerEnds(recorder, peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 ");
			assertThat(event.connector()).isEqualTo(connector.getName());
		}
	}

	private static Connector withTls(Connector connector, SslBundles bundles) {
		connector.setPort(0);
		new SslConnectorCustomizer(LogFactory.getLog(AdditionalConnectorTests.class), connector, ClientAuth.NONE)
			.customize(bundles.getBundle("partners"), Map.of());
		return connector;
	}

	@Configuration(proxyBeanMethods = false)
	static class Created {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> partnersCustomizer(
				TlsShutdownConnectorCustomizer tlsShutdown, SslBundles bundles) {
			return (factory) -> factory.addAdditionalConnectors(withTls(tlsShutdown.createConnector(), bundles));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Named {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> partnersCustomizer(SslBundles bundles) {
			return (factory) -> factory
				.addAdditionalConnectors(withTls(new Connector(TlsShutdownHttp11NioProtocol.class.getName()), bundles));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherProtocol {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> partnersCustomizer(SslBundles bundles) {
			return (factory) -> factory.addAdditionalConnectors(withTls(new Connector(), bundles));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithoutTls {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> plainCustomizer() {
			return (factory) -> {
				Connector connector = new Connector();
				connector.setPort(0);
				factory.addAdditionalConnectors(connector);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		TomcatServletWebServerFactory ownFactory(SslBundles bundles) {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
			factory
				.addAdditionalConnectors(withTls(new Connector(TlsShutdownHttp11NioProtocol.class.getName()), bundles));
			return factory;
		}

	}

}
