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
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;

import io.github.tlsshutdown.nio.SocketTransport;

/**
 * A socket that was registered with Tomcat's poller.
 */
final class PolledTransport extends SocketTransport {

	private final SocketChannel socket;

	private final NioSocketWrapper socketWrapper;

	private final TomcatConnector connector;

	PolledTransport(SocketChannel socket, NioSocketWrapper socketWrapper, TomcatConnector connector) {
		super(socket, connector);
		this.socket = socket;
		this.socketWrapper = socketWrapper;
		this.connector = connector;
	}

	/**
	 * With Tomcat's {@code connectionLinger}, the kernel blocks the thread that closes a
	 * socket without a selector until the peer has received everything.
	 */
	@Override
	public void close() throws IOException {
		try {
			if (this.connector.closeMayBlock() && this.socket.isOpen()) {
				this.socket.setOption(StandardSocketOptions.SO_LINGER, -1);
			}
		}
		finally {
			super.close();
		}
	}

	@Override
	protected void leaveServer() {
		SelectionKey key = this.socket.keyFor(this.socketWrapper.getPoller().getSelector());
		if (key != null) {
			key.cancel();
		}
	}

}
