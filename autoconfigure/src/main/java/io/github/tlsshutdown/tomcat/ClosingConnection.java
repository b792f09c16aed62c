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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.security.Principal;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

import jakarta.servlet.ServletConnection;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;

/**
 * A connection with a completed handshake, as Tomcat, the socket and the engine know it.
 */
final class ClosingConnection implements TlsShutdownConnection {

	private final TomcatTlsConnector connector;

	private final NioSocketWrapper socketWrapper;

	private final SocketChannel socket;

	private final SSLEngine engine;

	ClosingConnection(TomcatTlsConnector connector, NioSocketWrapper socketWrapper, SocketChannel socket,
			SSLEngine engine) {
		this.connector = connector;
		this.socketWrapper = socketWrapper;
		this.socket = socket;
		this.engine = engine;
	}

	@Override
	public String getConnector() {
		return this.connector.getName();
	}

	@Override
	public int getLocalPort() {
		return this.connector.getPort();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return remoteAddress(this.socket);
	}

	/**
	 * Return the address of a socket's peer.
	 * @param socket the socket
	 * @return the address, or {@code null} where the transport has none or the socket was
	 * closed
	 */
	static @Nullable InetSocketAddress remoteAddress(SocketChannel socket) {
		try {
			SocketAddress address = socket.getRemoteAddress();
			return (address instanceof InetSocketAddress inetAddress) ? inetAddress : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	@Override
	public @Nullable String getServerName() {
		return this.socketWrapper.getSniHostName();
	}

	@Override
	public String getProtocol() {
		return protocolOf(this.engine);
	}

	/**
	 * Return the TLS version that was negotiated. Tomcat Native's engines add a name of
	 * their own, as in {@code TLSv1.3:TLS}, and know no version when their alert is out.
	 * @param engine an engine that has not been closed
	 * @return the version, such as {@code TLSv1.3}
	 */
	static String protocolOf(SSLEngine engine) {
		String protocol = engine.getSession().getProtocol();
		int end = protocol.indexOf(':');
		return (end != -1) ? protocol.substring(0, end) : protocol;
	}

	@Override
	public String getCipherSuite() {
		return this.engine.getSession().getCipherSuite();
	}

	@Override
	public @Nullable String getApplicationProtocol() {
		// Not every engine tells: Tomcat knows how to ask those of its own
		String protocol = this.socketWrapper.getNegotiatedProtocol();
		return (protocol == null || protocol.isEmpty()) ? null : protocol;
	}

	@Override
	public @Nullable Principal getClientSubject() {
		try {
			return this.engine.getSession().getPeerPrincipal();
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

	/**
	 * Return what requests know this connection by.
	 * @return the same object that every request of the connection gives
	 */
	ServletConnection servletConnection() {
		return this.socketWrapper.getServletConnection("", "");
	}

}
