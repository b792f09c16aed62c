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

package io.github.tlsshutdown.tomcat;

import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.core.Ordered;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.nio.StopGroup;

/**
 * Gives connectors their TLS shutdown settings and listeners. A TLS connector with a
 * protocol other than {@link TlsShutdownHttp11NioProtocol} is left alone, with a warning.
 *
 * @since 0.1.0
 */
public class TlsShutdownConnectorCustomizer implements TomcatConnectorCustomizer, Ordered {

	private static final Log logger = LogFactory.getLog(TlsShutdownConnectorCustomizer.class);

	private final ConnectorSetup setup;

	private final RequestPolicies requests;

	private final StopGroup stopGroup = new StopGroup();

	private final LifecycleListener stopGroupListener = this::noteStartAndStop;

	/**
	 * Create a customizer.
	 * @param setup the configuration of connectors
	 */
	public TlsShutdownConnectorCustomizer(ConnectorSetup setup) {
		this(setup, new RequestPolicies());
	}

	TlsShutdownConnectorCustomizer(ConnectorSetup setup, RequestPolicies requests) {
		this.setup = setup;
		this.requests = requests;
	}

	RequestPolicies requests() {
		return this.requests;
	}

	/**
	 * Create a connector whose TLS connections end by these settings. Set its port and
	 * TLS, and add it to the server, for instance as an additional connector.
	 * @return the connector
	 */
	public Connector createConnector() {
		TomcatExtensionPoints.require();
		Connector connector = new Connector(new TlsShutdownHttp11NioProtocol());
		customize(connector);
		return connector;
	}

	@Override
	public void customize(Connector connector) {
		connector.removeLifecycleListener(this.stopGroupListener);
		connector.addLifecycleListener(this.stopGroupListener);
		ProtocolHandler handler = connector.getProtocolHandler();
		if (handler instanceof TlsShutdownHttp11NioProtocol protocol) {
			protocol.configure(this.setup, this.requests, this.stopGroup);
		}
		else if (handler instanceof AbstractHttp11Protocol<?> protocol && protocol.isSSLEnabled()) {
			logger.warn("TLS connector " + protocol.getName() + " has the protocol " + protocol.getClass().getName()
					+ ", set by the application: tls.shutdown.* does not apply to it. To apply it, use "
					+ TlsShutdownHttp11NioProtocol.class.getName()
					+ " or the default protocol, and TlsShutdownConnectorCustomizer.createConnector() for an additional"
					+ " connector. To silence this warning, set tls.shutdown.enabled=false.");
		}
	}

	private void noteStartAndStop(LifecycleEvent event) {
		switch (event.getType()) {
			case Lifecycle.AFTER_START_EVENT -> this.stopGroup.started(event.getLifecycle());
			case Lifecycle.AFTER_STOP_EVENT -> this.stopGroup.stopped(event.getLifecycle());
			default -> {
			}
		}
	}

	/**
	 * Last, to see the TLS configuration of other customizers.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
