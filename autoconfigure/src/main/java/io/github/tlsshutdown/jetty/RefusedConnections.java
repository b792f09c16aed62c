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

import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.nio.NioConnector;
import io.github.tlsshutdown.nio.SocketTransport;

/**
 * Reports TCP connections that Jetty accepts but for which it creates no TLS connection.
 * <p>
 * Must have no lifecycle: Jetty's selectors would adopt it, and stop it after themselves.
 */
final class RefusedConnections implements SelectorManager.AcceptListener {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final NioConnector tlsConnector;

	RefusedConnections(NioConnector tlsConnector) {
		this.tlsConnector = tlsConnector;
	}

	@Override
	public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
		if (channel instanceof SocketChannel socket) {
			this.tlsConnector.opened();
			this.tlsConnector.shutdown(new ClosedTransport(socket, this.tlsConnector), null, null, null)
				.begin(BeforeClose.nothing(false), NOTHING.duplicate(), NOTHING.duplicate());
		}
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
