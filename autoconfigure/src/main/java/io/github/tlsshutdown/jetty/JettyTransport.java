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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.nio.SocketTransport;

/**
 * A socket that belongs to Jetty and is closed by Jetty, but is no longer used by it.
 */
final class JettyTransport extends SocketTransport {

	private final AbstractEndPoint endPoint;

	private final @Nullable InetSocketAddress remoteAddress;

	private final Executor executor;

	JettyTransport(TlsShutdownSslConnection connection) {
		super(connection.socket(), connection.tlsConnector());
		this.endPoint = connection.socketEndPoint();
		this.executor = connection.connector().getExecutor();
		// The client's address, if a protocol such as PROXY provides it
		this.remoteAddress = (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address)
				? address : SocketEndPoints.remoteAddress(connection.socket());
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	/**
	 * Jetty's selector keeps its key, without interest: Jetty closes end points that lose
	 * it.
	 */
	@Override
	protected void leaveServer() {
		Connection connection = this.endPoint.getConnection();
		this.endPoint.setIdleTimeout(-1);
		this.endPoint.getFillInterest().onClose();
		this.endPoint.setConnection(new WaitingConnection(this.endPoint));
		// Releases buffers, and notifies Jetty's listeners
		Executions.run(this.executor, () -> connection.onClose(null));
	}

	@Override
	public void close() throws IOException {
		try {
			super.close();
		}
		finally {
			this.endPoint.close();
		}
	}

}
