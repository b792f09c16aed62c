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

import org.apache.catalina.connector.Connector;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Makes the server use {@link TlsShutdownHttp11NioProtocol}, unless the application has
 * set a protocol, and applies a {@link TlsShutdownConnectorCustomizer} to every connector
 * of the server. Spring Boot itself omits additional connectors, and all connectors of a
 * factory that belongs to the application or to a management server.
 *
 * @since 0.1.0
 */
public class TlsShutdownProtocolCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private final TlsShutdownConnectorCustomizer connectorCustomizer;

	/**
	 * Create a customizer.
	 * @param connectorCustomizer configures connectors
	 */
	public TlsShutdownProtocolCustomizer(TlsShutdownConnectorCustomizer connectorCustomizer) {
		this.connectorCustomizer = connectorCustomizer;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		if (TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(factory.getProtocol())) {
			TomcatExtensionPoints.require();
			factory.setProtocol(TlsShutdownHttp11NioProtocol.class.getName());
		}
		factory.addConnectorCustomizers(this.connectorCustomizer, (connector) -> customizeAdditional(factory));
		factory.addEngineValves(new RequestPoliciesValve(this.connectorCustomizer.requests()));
	}

	// Called when the server is created: by then all additional connectors exist
	private void customizeAdditional(TomcatWebServerFactory factory) {
		for (Connector connector : factory.getAdditionalConnectors()) {
			this.connectorCustomizer.customize(connector);
		}
	}

	/**
	 * Last, to see the settings of other customizers.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
