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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;

import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Embedded Jetty.
 */
final class JettyPlug implements ServerPlug {

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
	public String idleTimeout(Duration timeout) {
		return "server.jetty.connection-idle-timeout=" + timeout.toMillis();
	}

	@Override
	public List<String> idleTimeouts(Duration patience, Duration keepAlive) {
		return List.of(idleTimeout(patience));
	}

	@Override
	public Class<?> manyConnections() {
		return ManyConnectionsConfiguration.class;
	}

	@Override
	public List<String> manyConnectionsProperties() {
		return List.of("server.jetty.threads.max=48", "server.jetty.threads.min=48",
				"logging.level.org.eclipse.jetty=off");
	}

	@Override
	public String connectorName() {
		return "https-jetty-auto-1";
	}

	@Override
	public String answerToPlainHttp() {
		return "";
	}

	@Override
	public boolean hasServerNameBundles() {
		return false;
	}

	@Override
	public int waitingThreads() {
		return 1;
	}

	@Override
	public long openConnections(WebServer server) {
		return Stream.of(((JettyWebServer) server).getServer().getConnectors())
			.flatMap((connector) -> connector.getConnectedEndPoints().stream())
			// Those that wait for their peers do not count any more, as on Tomcat
			.filter((endPoint) -> endPoint.getConnection() instanceof SslConnection)
			.count();
	}

	@Override
	public boolean forgetsConnectionsWhenItStops() {
		// An acceptor hands them to a selector that has ended, which does not refuse them
		return true;
	}

	/**
	 * The JDK keeps sessions to which a value was added, 20,480 of them, instead of
	 * leaving them to clients; Jetty adds one to each.
	 */
	@Override
	public void forgetSessions(WebServer server) {
		for (Connector connector : ((JettyWebServer) server).getServer().getConnectors()) {
			SslConnectionFactory factory = connector.getConnectionFactory(SslConnectionFactory.class);
			SSLSessionContext sessions = factory.getSslContextFactory().getSslContext().getServerSessionContext();
			int size = sessions.getSessionCacheSize();
			sessions.setSessionCacheSize(1);
			sessions.setSessionCacheSize(size);
		}
	}

	private static WebServerFactoryCustomizer<JettyWebServerFactory> onServer(JettyServerCustomizer customizer) {
		return (factory) -> factory.addServerCustomizers(customizer);
	}

	private static WebServerFactoryCustomizer<JettyWebServerFactory> engines(TlsProvider provider) {
		return onServer((server) -> {
			for (Connector connector : server.getConnectors()) {
				SslConnectionFactory factory = connector.getConnectionFactory(SslConnectionFactory.class);
				if (factory != null) {
					factory.getSslContextFactory().setSslContext(context(provider, factory.getSslContextFactory()));
				}
			}
		});
	}

	private static SSLContext context(TlsProvider tlsProvider, SslContextFactory.Server settings) {
		try {
			EngineCountingContext context = new EngineCountingContext(tlsProvider, settings.getProtocol());
			KeyManagerFactory keys = (context.getProvider().getService("KeyManagerFactory", "PKIX") != null)
					? KeyManagerFactory.getInstance("PKIX", context.getProvider())
					: KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(settings.getKeyStore(), TestCertificate.PASSWORD.toCharArray());
			context.init(keys.getKeyManagers(), null, null);
			return context;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JettyServletWebServerAutoConfiguration.class)
	static class ServletServer {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JettyReactiveWebServerAutoConfiguration.class)
	static class ReactiveServer {

	}

	@Configuration(proxyBeanMethods = false)
	static class SendBufferConfiguration {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> sendBufferCustomizer() {
			return onServer((server) -> {
				for (Connector connector : server.getConnectors()) {
					((ServerConnector) connector).setAcceptedSendBufferSize(4096);
				}
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ManyConnectionsConfiguration {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> countingCustomizer(AcceptedConnections accepted) {
			return onServer((server) -> {
				for (Connector connector : server.getConnectors()) {
					((ServerConnector) connector).setAcceptedSendBufferSize(ManyConnections.SEND_BUFFER);
					((ServerConnector) connector).addBean(new CountingListener(accepted));
				}
			});
		}

	}

	private static final class CountingListener implements SelectorManager.AcceptListener {

		private final AcceptedConnections accepted;

		CountingListener(AcceptedConnections accepted) {
			this.accepted = accepted;
		}

		@Override
		public void onAccepting(SelectableChannel channel) {
			try {
				this.accepted.accepted((InetSocketAddress) ((SocketChannel) channel).getRemoteAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdkConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class BouncyCastleConfiguration {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> providerCustomizer() {
			return engines(TlsProvider.BOUNCY_CASTLE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConscryptConfiguration {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> providerCustomizer() {
			return engines(TlsProvider.CONSCRYPT);
		}

	}

}
