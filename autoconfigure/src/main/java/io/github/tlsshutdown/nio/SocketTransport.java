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

package io.github.tlsshutdown.nio;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.Admission;
import io.github.tlsshutdown.engine.Alerts;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.Transport;

/**
 * A socket channel in non-blocking mode, taken over from a server: from the first step
 * on, nothing else uses it.
 */
public class SocketTransport implements Transport {

	private final SocketChannel socket;

	private final NioConnector connector;

	/** Unwritten data: encrypted application data, then the alert. */
	private @Nullable ByteBuffer unsent;

	/**
	 * Create a transport.
	 * @param socket the socket
	 * @param connector whose reactor waits
	 */
	public SocketTransport(SocketChannel socket, NioConnector connector) {
		this.socket = socket;
		this.connector = connector;
	}

	SocketChannel socket() {
		return this.socket;
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		try {
			return (this.socket.getRemoteAddress() instanceof InetSocketAddress address) ? address : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	@Override
	public void write(ByteBuffer data) throws IOException {
		ByteBuffer before = this.unsent;
		if (before == null) {
			this.socket.write(data);
		}
		if (data.hasRemaining()) {
			int size = data.remaining() + ((before != null) ? before.remaining() : 0);
			ByteBuffer unsent = ByteBuffer.allocate(size);
			if (before != null) {
				unsent.put(before);
			}
			this.unsent = unsent.put(data).flip();
		}
	}

	@Override
	public boolean flush() throws IOException {
		ByteBuffer unsent = this.unsent;
		if (unsent == null) {
			return false;
		}
		int written = this.socket.write(unsent);
		if (!unsent.hasRemaining()) {
			this.unsent = null;
		}
		return written > 0;
	}

	@Override
	public boolean isFlushed() {
		return this.unsent == null;
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		return this.socket.read(target);
	}

	@Override
	public void shutdownOutput() throws IOException {
		this.socket.shutdownOutput();
	}

	@Override
	public void close() throws IOException {
		this.unsent = null;
		this.socket.close();
	}

	@Override
	public void release(SSLEngine engine) throws SSLException {
		Alerts.release(engine);
	}

	@Override
	public Admission await(ConnectionShutdown shutdown) {
		leaveServer();
		return this.connector.offer(shutdown);
	}

	/**
	 * Called before the reactor takes over: the server's own selector must no longer
	 * watch the socket.
	 */
	protected void leaveServer() {
	}

}
