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

import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;

import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.nio.StopGroup;

/**
 * Tomcat's HTTP protocol over NIO, ending TLS connections by a policy. Without TLS it
 * behaves like its superclass.
 * <p>
 * Tomcat creates it by its class name; {@link TlsShutdownConnectorCustomizer} gives it
 * its settings afterwards.
 *
 * @since 0.1.0
 */
public class TlsShutdownHttp11NioProtocol extends Http11NioProtocol {

	private final TomcatConnector tlsConnector;

	/**
	 * Create a protocol with {@link TlsShutdownSettings#DEFAULTS default settings}.
	 */
	public TlsShutdownHttp11NioProtocol() {
		this(new TomcatConnector());
	}

	private TlsShutdownHttp11NioProtocol(TomcatConnector tlsConnector) {
		this(new TlsShutdownNioEndpoint(tlsConnector), tlsConnector);
	}

	/**
	 * Create a protocol with an endpoint of its own.
	 * @param endpoint the endpoint
	 * @param tlsConnector what its connections share
	 */
	TlsShutdownHttp11NioProtocol(TlsShutdownNioEndpoint endpoint, TomcatConnector tlsConnector) {
		super(endpoint);
		this.tlsConnector = tlsConnector;
	}

	@Override
	protected Processor createProcessor() {
		return isSSLEnabled() ? new TlsShutdownHttp11Processor(this, getAdapter()) : super.createProcessor();
	}

	/**
	 * Set how connections end, who decides, and who is told.
	 * @param setup what to start with
	 * @param requests what requests have asked for
	 * @param stopGroup who waits when connectors stop
	 */
	void configure(ConnectorSetup setup, RequestPolicies requests, StopGroup stopGroup) {
		this.tlsConnector.configure(setup, requests, stopGroup);
	}

}
