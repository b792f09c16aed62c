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

import javax.net.ssl.SSLEngine;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;

/**
 * The data reported about a connection, collected in time: once a connection has ended,
 * or its engine is closed, not all of it is available.
 */
final class ShutdownReport {

	private static final Log logger = LogFactory.getLog(ShutdownReport.class);

	private final ServerConnector connector;

	private final Decision decision;

	private final @Nullable InetSocketAddress remoteAddress;

	private final Losses losses;

	private @Nullable TlsShutdownConnection connection;

	/** Set for a connection without a completed handshake. */
	private @Nullable BeforeClose before;

	private String protocol = TlsShutdownEvent.UNKNOWN_PROTOCOL;

	private @Nullable String serverName;

	private @Nullable String applicationProtocol;

	private @Nullable String cipherSuite;

	ShutdownReport(ServerConnector connector, Decision decision, @Nullable TlsShutdownConnection connection,
			Transport transport) {
		this.connector = connector;
		this.decision = decision;
		this.connection = connection;
		this.remoteAddress = remoteAddress(transport);
		this.losses = new Losses(decision.settings().linger());
	}

	private static @Nullable InetSocketAddress remoteAddress(Transport transport) {
		try {
			return transport.remoteAddress();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("Remote address unknown", ex);
			return null;
		}
	}

	/**
	 * Record what was met before the close.
	 * @param before what was met
	 */
	void begin(BeforeClose before) {
		this.losses.begin(before);
		this.before = before.established() ? null : before;
	}

	/**
	 * Record what was negotiated.
	 * @param engine an engine that has not been closed
	 */
	void established(SSLEngine engine) {
		this.protocol = EngineConnection.protocolOf(engine);
		TlsShutdownConnection connection = this.connection;
		if (connection != null) {
			// Not needed while the connection waits
			this.connection = null;
			describe(connection);
		}
	}

	// A failing engine must not prevent its connection from ending
	private void describe(TlsShutdownConnection connection) {
		try {
			this.cipherSuite = connection.getCipherSuite();
			this.applicationProtocol = connection.getApplicationProtocol();
			this.serverName = connection.getServerName();
		}
		catch (RuntimeException ex) {
			logger.debug("Connection details incomplete", ex);
		}
	}

	private @Nullable TlsShutdownNoHandshakeReason noHandshakeReason(ShutdownState state) {
		return (this.before != null) ? NoHandshake.reason(this.before, state.initiator()) : null;
	}

	TlsShutdownEvent event(ShutdownState state, PeerInput input, Term term) {
		return TlsShutdownEvent.builder(this.connector.getName(), this.decision.settings().policy(), state.outcome())
			.decidedBy(this.decision.decidedBy())
			.initiator(state.initiator())
			.protocol(this.protocol)
			.cipherSuite(this.cipherSuite)
			.applicationProtocol(this.applicationProtocol)
			.serverName(this.serverName)
			.remoteAddress(this.remoteAddress)
			.duration(term.elapsed())
			.closeNotifySent(state.isCloseNotifySent())
			.closeNotifyReceived(state.isCloseNotifyReceived())
			.discardedBytes(input.discarded())
			.truncated(this.losses.truncated(state))
			.unread(this.losses.unread(state, input.discarded() > 0))
			.noHandshakeReason(noHandshakeReason(state))
			.build();
	}

}
