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

package io.github.tlsshutdown.engine;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;

/**
 * A connection with a completed handshake, described by its engine and its transport.
 * Subclasses of servers can know more.
 */
public class EngineConnection implements TlsShutdownConnection {

	private final ServerConnector connector;

	private final Transport transport;

	private final SSLEngine engine;

	/**
	 * Create a connection.
	 * @param connector the connector that accepted it
	 * @param transport the TCP connection
	 * @param engine the engine, which has not been closed
	 */
	public EngineConnection(ServerConnector connector, Transport transport, SSLEngine engine) {
		this.connector = connector;
		this.transport = transport;
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
		return this.transport.remoteAddress();
	}

	@Override
	public @Nullable String getServerName() {
		return serverNameOf(this.engine);
	}

	/**
	 * Return the server name that the client has asked for.
	 * @param engine the engine
	 * @return the name, or {@code null} if there is none, or the engine does not tell
	 */
	public static @Nullable String serverNameOf(SSLEngine engine) {
		if (engine.getSession() instanceof ExtendedSSLSession session) {
			for (SNIServerName name : requestedServerNames(session)) {
				if (name.getType() == StandardConstants.SNI_HOST_NAME) {
					return (name instanceof SNIHostName host) ? host.getAsciiName()
							: new SNIHostName(name.getEncoded()).getAsciiName();
				}
			}
		}
		return null;
	}

	private static List<SNIServerName> requestedServerNames(ExtendedSSLSession session) {
		try {
			return session.getRequestedServerNames();
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			// Bouncy Castle does not support it, and OpenSSL accepts names that are none
			return List.of();
		}
	}

	@Override
	public String getProtocol() {
		return protocolOf(this.engine);
	}

	/**
	 * Return the TLS version that was negotiated. Tomcat Native's engines append a name,
	 * as in {@code TLSv1.3:TLS}, and no longer know the version once their alert is sent.
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
		String protocol = this.engine.getApplicationProtocol();
		return (protocol == null || protocol.isEmpty()) ? null : protocol;
	}

	@Override
	public @Nullable Principal getClientSubject() {
		SSLSession session = this.engine.getSession();
		try {
			return session.getPeerPrincipal();
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

}
