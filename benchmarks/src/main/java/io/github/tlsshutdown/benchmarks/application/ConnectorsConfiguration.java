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

package io.github.tlsshutdown.benchmarks.application;

import java.net.InetAddress;
import java.util.Locale;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.tomcat.TlsShutdownConnectorCustomizer;

/**
 * Connectors of Tomcat's own protocol and of the starter's, one for each policy, that
 * differ in nothing else and share all of the application.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("benchmark.port.none")
class ConnectorsConfiguration {

	private static final int THREADS = 32;

	private final Environment environment;

	ConnectorsConfiguration(Environment environment) {
		this.environment = environment;
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectors(TlsShutdownConnectorCustomizer tlsShutdown) {
		return (factory) -> {
			for (String name : new String[] { "none", "none-again" }) {
				factory.addAdditionalConnectors(withTls(new Connector(new Http11NioProtocol()), port(name)));
			}
			for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
				factory.addAdditionalConnectors(withTls(tlsShutdown.createConnector(), port(policy)));
			}
		};
	}

	@Bean
	TlsShutdownListener policies() {
		return new Policies();
	}

	private int port(TlsShutdownPolicy policy) {
		return port(policy.name().toLowerCase(Locale.ROOT));
	}

	private int port(String name) {
		return this.environment.getRequiredProperty("benchmark.port." + name, Integer.class);
	}

	private Connector withTls(Connector connector, int port) {
		connector.setPort(port);
		connector.setScheme("https");
		connector.setSecure(true);
		connector.addUpgradeProtocol(new Http2Protocol());
		Http11NioProtocol protocol = (Http11NioProtocol) connector.getProtocolHandler();
		protocol.setAddress(InetAddress.getLoopbackAddress());
		protocol.setSSLEnabled(true);
		protocol.setMaxThreads(THREADS);
		protocol.setMinSpareThreads(THREADS);
		protocol.setMaxKeepAliveRequests(-1);
		SSLHostConfig host = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(this.environment.getRequiredProperty("server.ssl.key-store"));
		certificate
			.setCertificateKeystorePassword(this.environment.getRequiredProperty("server.ssl.key-store-password"));
		host.addCertificate(certificate);
		protocol.addSslHostConfig(host);
		return connector;
	}

	/**
	 * Gives each connector its policy.
	 */
	private final class Policies implements TlsShutdownListener {

		@Override
		public void onConnectorStarted(TlsShutdownConnector connector) {
			for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
				if (connector.getPort() == port(policy)) {
					connector.setSettings(connector.getSettings().withPolicy(policy));
				}
			}
		}

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			// The starter's own meters count it
		}

	}

}
