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

import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.Container;
import org.springframework.boot.jetty.JettyServerCustomizer;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.nio.NioConnector;

/**
 * Applies the policy to every TLS connector of a server.
 * <p>
 * Spring Boot removes the connectors from the server until it has been started. They are
 * customized when they are added again: by then, all other customizers have run.
 */
final class ServerCustomizer implements JettyServerCustomizer {

	private static final Log logger = LogFactory.getLog(ServerCustomizer.class);

	/** Jetty's default. */
	private static final long DEFAULT_SHUTDOWN_IDLE_TIMEOUT = 1000;

	private final ConnectorSetup setup;

	private final Consumer<GracefulStop> stops;

	ServerCustomizer(ConnectorSetup setup, Consumer<GracefulStop> stops) {
		this.setup = setup;
		this.stops = stops;
	}

	@Override
	public void customize(Server server) {
		server.addEventListener(new Container.Listener() {

			@Override
			public void beanAdded(Container parent, Object child) {
				if (server.isRunning() && child instanceof AbstractConnector connector && !connector.isRunning()) {
					ServerCustomizer.this.customize(connector);
				}
			}

			@Override
			public void beanRemoved(Container parent, Object child) {
			}

		});
	}

	private void customize(AbstractConnector connector) {
		SslConnectionFactory original = connector.getConnectionFactory(SslConnectionFactory.class);
		if (original == null || original instanceof TlsShutdownSslConnectionFactory) {
			return;
		}
		if (original.getClass() != SslConnectionFactory.class) {
			logger.warn("TLS connector " + connector + " has the connection factory " + original.getClass().getName()
					+ ", set by the application: tls.shutdown.* does not apply to it. To silence this warning, set"
					+ " tls.shutdown.enabled=false.");
			return;
		}
		NioConnector tlsConnector = new NioConnector();
		tlsConnector.configure(this.setup);
		// Replaces the original, as it has the same protocol
		connector.addConnectionFactory(new TlsShutdownSslConnectionFactory(original, tlsConnector));
		connector.addBean(new RefusedConnections(connector, tlsConnector));
		if (tlsConnector.getSettings().drainIdle()
				&& connector.getShutdownIdleTimeout() == DEFAULT_SHUTDOWN_IDLE_TIMEOUT) {
			// Would close idle connections later, and also requests whose clients pause
			connector.setShutdownIdleTimeout(-1);
		}
		this.stops.accept(new GracefulStop(connector, tlsConnector));
		for (ConnectionFactory factory : connector.getConnectionFactories()) {
			if (factory instanceof HttpConfiguration.ConnectionFactory http) {
				observe(http.getHttpConfiguration().getCustomizers());
			}
		}
	}

	// Protocols can share a configuration. First, as others can reject the request.
	private static void observe(List<HttpConfiguration.Customizer> customizers) {
		if (customizers.stream().noneMatch(ExchangeCustomizer.class::isInstance)) {
			customizers.add(0, new ExchangeCustomizer());
		}
	}

}
