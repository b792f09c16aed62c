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
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.nio.StopGroup;

/**
 * Tomcat's HTTP protocol over NIO, ending TLS connections by a policy. Without TLS it
 * behaves like its superclass.
 * <p>
 * Tomcat creates it by its class name; {@link TlsShutdownConnectorCustomizer} configures
 * it afterwards.
 *
 * @since 0.1.0
 */
public class TlsShutdownHttp11NioProtocol extends Http11NioProtocol {

	private final TomcatConnector tlsConnector;

	private final GracefulStop gracefulStop;

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
	 * Create a protocol with an endpoint.
	 * @param endpoint the endpoint
	 * @param tlsConnector state shared by its connections
	 */
	TlsShutdownHttp11NioProtocol(TlsShutdownNioEndpoint endpoint, TomcatConnector tlsConnector) {
		super(endpoint);
		this.tlsConnector = tlsConnector;
		this.gracefulStop = new GracefulStop(endpoint, tlsConnector);
	}

	@Override
	protected Processor createProcessor() {
		return isSSLEnabled() ? new TlsShutdownHttp11Processor(this, getAdapter()) : super.createProcessor();
	}

	@Override
	public @Nullable UpgradeProtocol getNegotiatedProtocol(String negotiatedName) {
		UpgradeProtocol protocol = super.getNegotiatedProtocol(negotiatedName);
		// The application's own protocol is left alone
		return (protocol != null && protocol.getClass() == Http2Protocol.class && drainsIdle())
				? new DrainableHttp2Protocol((Http2Protocol) protocol, this::isStoppingGracefully) : protocol;
	}

	/**
	 * The beginning of a graceful stop: no connection is accepted any more.
	 */
	@Override
	public void pause() throws Exception {
		if (drainsIdle()) {
			this.gracefulStop.begin();
		}
		super.pause();
	}

	/**
	 * Follows at once. Clients that are told to reconnect must not find the port open:
	 * their new connections would not be accepted.
	 */
	@Override
	public void closeServerSocketGraceful() {
		super.closeServerSocketGraceful();
		if (isStoppingGracefully()) {
			this.gracefulStop.endIdle(getUtilityExecutor());
		}
	}

	/**
	 * Tomcat checks this before it handles a request. One that has arrived is handled,
	 * until the server stops.
	 */
	@Override
	public boolean isPaused() {
		return super.isPaused() && !isStoppingGracefully();
	}

	/**
	 * Return whether each request is the last on its connection, because the server is
	 * about to stop.
	 * @return whether it is
	 */
	boolean isStoppingGracefully() {
		return this.gracefulStop.isUnderWay();
	}

	@Override
	public void resume() throws Exception {
		this.gracefulStop.over();
		super.resume();
	}

	@Override
	public void stop() throws Exception {
		this.gracefulStop.end();
		super.stop();
	}

	/**
	 * Tomcat checks this when the headers of a response with a body are about to be sent.
	 */
	@Override
	public boolean useCompression(Request request, Response response) {
		boolean compression = super.useCompression(request, response);
		if (isStoppingGracefully()) {
			LastResponse.announce(request, response);
			LastResponse.delimit(request, response);
		}
		return compression;
	}

	private boolean drainsIdle() {
		return isSSLEnabled() && this.tlsConnector.getSettings().drainIdle();
	}

	/**
	 * Set how connections end, with resolvers and listeners.
	 * @param setup the configuration
	 * @param requests records what requests have asked for
	 * @param stopGroup waits when connectors stop
	 */
	void configure(ConnectorSetup setup, RequestPolicies requests, StopGroup stopGroup) {
		this.tlsConnector.configure(setup, requests, stopGroup);
	}

}
