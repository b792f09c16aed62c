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

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLEngine;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.nio.NioConnector;

/**
 * Creates the TLS connections of one connector, and manages the lifecycle of the reactor
 * that waits for their peers.
 */
final class TlsShutdownSslConnectionFactory extends SslConnectionFactory {

	private static final Log logger = LogFactory.getLog(TlsShutdownSslConnectionFactory.class);

	/** How long protocols can take to send their last messages when the server stops. */
	private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final NioConnector tlsConnector;

	private @Nullable Connector connector;

	TlsShutdownSslConnectionFactory(SslConnectionFactory original, NioConnector tlsConnector) {
		super(original.getSslContextFactory(), original.getNextProtocol());
		this.tlsConnector = tlsConnector;
		setInputBufferSize(original.getInputBufferSize());
		setDirectBuffersForDecryption(original.isDirectBuffersForDecryption());
		setDirectBuffersForEncryption(original.isDirectBuffersForEncryption());
		setEnsureSecureRequestCustomizer(original.isEnsureSecureRequestCustomizer());
		original.getBeans(SslHandshakeListener.class).forEach(this::addBean);
		original.getBeans(Connection.Listener.class).forEach(this::addBean);
	}

	@Override
	public void configure(Connector connector) {
		super.configure(connector);
		this.connector = connector;
	}

	/**
	 * The protocol above TLS can fail to create its connection: then Jetty refuses this
	 * one, which {@link RefusedConnections} counts.
	 */
	@Override
	public Connection newConnection(Connector connector, EndPoint endPoint) {
		Connection connection = super.newConnection(connector, endPoint);
		if (connection instanceof TlsShutdownSslConnection) {
			this.tlsConnector.opened();
		}
		return connection;
	}

	@Override
	protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
		if (!SocketEndPoints.supports(endPoint)) {
			return super.newSslConnection(connector, endPoint, engine);
		}
		return new TlsShutdownSslConnection(this.tlsConnector, connector, getSslContextFactory(), endPoint, engine,
				isDirectBuffersForEncryption(), isDirectBuffersForDecryption());
	}

	/**
	 * Called when the port is open and no connection was accepted.
	 */
	@Override
	protected void doStart() throws Exception {
		super.doStart();
		int port = (this.connector instanceof NetworkConnector network) ? network.getLocalPort() : -1;
		String name = (this.connector != null && this.connector.getName() != null) ? this.connector.getName()
				: "https-jetty";
		int configuredPort = (this.connector instanceof NetworkConnector network) ? network.getPort() : -1;
		this.tlsConnector.started(this.tlsConnector.nameOf(name, configuredPort, port), port, -1);
	}

	/**
	 * Called when the port is closed, and before Jetty closes the sockets, without time
	 * for any of them.
	 */
	@Override
	protected void doStop() throws Exception {
		if (this.connector != null) {
			closeConnections(this.connector.getConnectedEndPoints());
		}
		this.tlsConnector.stop();
		super.doStop();
	}

	// HTTP/2 sends GOAWAY on another thread
	private static void closeConnections(Collection<EndPoint> endPoints) {
		for (EndPoint endPoint : endPoints) {
			if (endPoint.getConnection() instanceof TlsShutdownSslConnection connection) {
				connection.signs().givenUp();
				attempt(connection::close);
			}
		}
		long end = System.nanoTime() + GOODBYE_NANOS;
		while (isAnyOpen(endPoints) && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(LOOK_NANOS);
		}
		for (EndPoint endPoint : endPoints) {
			if (endPoint.getConnection() instanceof TlsShutdownSslConnection connection) {
				attempt(connection.getSslEndPoint()::close);
			}
		}
	}

	// The protocol above TLS can fail: that must not affect the others
	private static void attempt(Runnable close) {
		try {
			close.run();
		}
		catch (RuntimeException ex) {
			logger.debug("Connection not closed by its protocol", ex);
		}
	}

	private static boolean isAnyOpen(Collection<EndPoint> endPoints) {
		return endPoints.stream()
			.anyMatch((endPoint) -> endPoint.getConnection() instanceof TlsShutdownSslConnection connection
					&& !connection.isClosing());
	}

}
