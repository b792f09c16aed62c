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

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.nio.NioConnector;
import io.github.tlsshutdown.nio.SocketTransport;

/**
 * Reports TCP connections that Jetty accepts but for which it creates no TLS connection.
 * Closes the one that Jetty forgets: when a thread has accepted it and there is no
 * selector any more, Jetty leaves its socket open.
 * <p>
 * Must have no lifecycle: Jetty's selectors would adopt it, and stop it after themselves.
 */
final class RefusedConnections implements SelectorManager.AcceptListener, LifeCycle.Listener {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final AbstractConnector connector;

	private final NioConnector tlsConnector;

	private final Set<SelectableChannel> arriving = ConcurrentHashMap.newKeySet();

	private volatile boolean stopped;

	RefusedConnections(AbstractConnector connector, NioConnector tlsConnector) {
		this.connector = connector;
		this.tlsConnector = tlsConnector;
	}

	@Override
	public void lifeCycleStarting(LifeCycle event) {
		this.stopped = false;
	}

	@Override
	public void lifeCycleStopped(LifeCycle event) {
		this.stopped = true;
		closeForgotten();
	}

	@Override
	public void onAccepting(SelectableChannel channel) {
		this.arriving.add(channel);
		if (this.stopped) {
			closeForgotten();
		}
	}

	@Override
	public void onAccepted(SelectableChannel channel) {
		this.arriving.remove(channel);
	}

	private void closeForgotten() {
		this.arriving.forEach(IO::close);
		this.arriving.clear();
	}

	@Override
	public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
		this.arriving.remove(channel);
		if (channel instanceof SocketChannel socket && !endCreated(socket)) {
			this.tlsConnector.opened();
			this.tlsConnector.shutdown(new ClosedTransport(socket, this.tlsConnector), null, null, null)
				.begin(BeforeClose.nothing(false), NOTHING.duplicate(), NOTHING.duplicate());
		}
	}

	// The protocol above TLS can fail when it is told of its connection. Jetty closes the
	// socket, but does not tell the TLS connection, which is counted already.
	private boolean endCreated(SocketChannel socket) {
		for (EndPoint endPoint : this.connector.getConnectedEndPoints()) {
			if (endPoint.getTransport() == socket
					&& endPoint.getConnection() instanceof TlsShutdownSslConnection connection) {
				connection.getSslEndPoint().close();
				return true;
			}
		}
		return false;
	}

	/**
	 * A socket that Jetty has closed: its channel no longer knows its peer.
	 */
	private static final class ClosedTransport extends SocketTransport {

		private final SocketChannel socket;

		ClosedTransport(SocketChannel socket, NioConnector connector) {
			super(socket, connector);
			this.socket = socket;
		}

		@Override
		public @Nullable InetSocketAddress remoteAddress() {
			return SocketEndPoints.remoteAddress(this.socket);
		}

	}

}
