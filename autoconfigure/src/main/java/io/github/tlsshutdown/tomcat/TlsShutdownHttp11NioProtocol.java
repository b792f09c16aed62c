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

import org.apache.coyote.http11.Http11NioProtocol;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownSettings;

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

	private final TomcatTlsConnector tlsConnector;

	/**
	 * Create a protocol with {@link TlsShutdownSettings#DEFAULTS default settings}.
	 */
	public TlsShutdownHttp11NioProtocol() {
		this(new TomcatTlsConnector());
	}

	private TlsShutdownHttp11NioProtocol(TomcatTlsConnector tlsConnector) {
		this(new TlsShutdownNioEndpoint(tlsConnector), tlsConnector);
	}

	/**
	 * Create a protocol with an endpoint of its own.
	 * @param endpoint the endpoint
	 * @param tlsConnector what its connections share
	 */
	TlsShutdownHttp11NioProtocol(TlsShutdownNioEndpoint endpoint, TomcatTlsConnector tlsConnector) {
		super(endpoint);
		this.tlsConnector = tlsConnector;
	}

	/**
	 * Set how connections end and who is told.
	 * @param settings the settings
	 * @param decision decides for single connections
	 * @param listener the listener
	 */
	void configure(TlsShutdownSettings settings, PolicyDecision decision, TlsShutdownListener listener) {
		this.tlsConnector.setSettings(settings);
		this.tlsConnector.setDecision(decision);
		this.tlsConnector.setListener(listener);
	}

}
