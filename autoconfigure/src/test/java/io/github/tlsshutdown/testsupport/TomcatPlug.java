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

package io.github.tlsshutdown.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.apache.catalina.Container;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardWrapper;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLImplementation;
import org.apache.tomcat.util.net.jsse.JSSEImplementation;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.tomcat.CountingProtocol;

/**
 * Embedded Tomcat.
 */
public final class TomcatPlug implements ServerPlug {

	@Override
	public WebApplicationType type() {
		return WebApplicationType.SERVLET;
	}

	@Override
	public Class<?>[] application() {
		return new Class<?>[] { ServletServer.class, ServletRoutes.class };
	}

	@Override
	public Class<?>[] reactiveApplication() {
		return new Class<?>[] { ReactiveServer.class };
	}

	@Override
	public Class<?> smallSendBuffer() {
		return SendBufferConfiguration.class;
	}

	@Override
	public Class<?> configuration(TlsProvider provider) {
		return switch (provider) {
			case JDK -> JdkConfiguration.class;
			case BOUNCY_CASTLE -> BouncyCastleConfiguration.class;
			case CONSCRYPT -> ConscryptConfiguration.class;
		};
	}

	@Override
	public long openConnections(WebServer server) {
		// Tomcat counts the one it is about to accept, too
		return ((AbstractProtocol<?>) connector(server).getProtocolHandler()).getConnectionCount() - 1;
	}

	@Override
	public boolean mayBeToldGoAway(WebServer server, int requests) {
		ThreadPoolExecutor executor = (ThreadPoolExecutor) connector(server).getProtocolHandler().getExecutor();
		return begun(server) >= requests && executor.getActiveCount() == 0;
	}

	private static long begun(WebServer server) {
		Container host = ((TomcatWebServer) server).getTomcat().getHost();
		return Stream.of(host.findChildren())
			.flatMap((context) -> Stream.of(context.findChildren()))
			.mapToLong((wrapper) -> ((StandardWrapper) wrapper).getRequestCount())
			.sum();
	}

	@Override
	public String idleTimeout(Duration timeout) {
		return "server.tomcat.connection-timeout=" + timeout.toMillis();
	}

	@Override
	public List<String> idleTimeouts(Duration patience, Duration keepAlive) {
		return List.of(idleTimeout(patience), "server.tomcat.keep-alive-timeout=" + keepAlive.toMillis());
	}

	@Override
	public Class<?> manyConnections() {
		return ManyConnectionsConfiguration.class;
	}

	@Override
	public List<String> manyConnectionsProperties() {
		// Tomcat keeps as many processors with their buffers as were ever in use at once
		return List.of("server.tomcat.threads.max=48", "server.tomcat.threads.min-spare=48",
				"server.tomcat.processor-cache=0", Upload.MAX_SWALLOW_SIZE,
				"logging.level.org.apache.catalina.core=off");
	}

	@Override
	public String connectorName() {
		return "https-jsse-nio-auto-\\d+";
	}

	@Override
	public String answerToPlainHttp() {
		return "HTTP/1.1 400";
	}

	@Override
	public int waitingThreads() {
		return 1;
	}

	static Connector connector(WebServer server) {
		return ((TomcatWebServer) server).getTomcat().getConnector();
	}

	private static TomcatConnectorCustomizer engines(Class<? extends SSLImplementation> implementation) {
		return (connector) -> ((AbstractHttp11Protocol<?>) connector.getProtocolHandler())
			.setSslImplementationName(implementation.getName());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(TomcatServletWebServerAutoConfiguration.class)
	static class ServletServer {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(TomcatReactiveWebServerAutoConfiguration.class)
	static class ReactiveServer {

	}

	@Configuration(proxyBeanMethods = false)
	static class SendBufferConfiguration {

		@Bean
		TomcatConnectorCustomizer sendBufferCustomizer() {
			return (connector) -> connector.setProperty("socket.txBufSize", "4096");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ManyConnectionsConfiguration {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> protocolCustomizer() {
			return (factory) -> factory.setProtocol(CountingProtocol.class.getName());
		}

		@Bean
		TomcatConnectorCustomizer countingCustomizer(AcceptedConnections accepted) {
			return (connector) -> {
				((CountingProtocol) connector.getProtocolHandler()).onAccepted(accepted::accepted);
				connector.setProperty("socket.txBufSize", String.valueOf(ManyConnections.SEND_BUFFER));
				// Channels are used again. In a large heap Tomcat keeps thousands of
				// them, with some 70 KB each, which would hide what is kept of
				// connections.
				connector.setProperty("socket.bufferPool", "4");
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdkConfiguration {

		@Bean
		TomcatConnectorCustomizer providerCustomizer() {
			return engines(JSSEImplementation.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BouncyCastleConfiguration {

		@Bean
		TomcatConnectorCustomizer providerCustomizer() {
			return engines(BouncyCastleImplementation.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConscryptConfiguration {

		@Bean
		TomcatConnectorCustomizer providerCustomizer() {
			return engines(ConscryptImplementation.class);
		}

	}

	/** Made by Tomcat, by its name. */
	public static final class BouncyCastleImplementation extends ProviderSslImplementation {

		public BouncyCastleImplementation() {
			super(TlsProvider.BOUNCY_CASTLE);
		}

	}

	/** Made by Tomcat, by its name. */
	public static final class ConscryptImplementation extends ProviderSslImplementation {

		public ConscryptImplementation() {
			super(TlsProvider.CONSCRYPT);
		}

	}

}
