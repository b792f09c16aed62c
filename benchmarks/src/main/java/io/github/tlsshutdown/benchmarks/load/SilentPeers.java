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

package io.github.tlsshutdown.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Peers that ask once and are not heard of again, but stay. Only their sockets are kept.
 */
public final class SilentPeers implements AutoCloseable {

	private static final int THREADS = 2;

	private final TlsClients clients = TlsClients.create();

	private final Server server;

	private final String request;

	private final List<SocketChannel> sockets = new ArrayList<>();

	/**
	 * Create peers.
	 * @param server the server they connect to
	 * @param request their only request
	 */
	public SilentPeers(Server server, String request) {
		this.server = server;
		this.request = request;
	}

	/**
	 * Connect more of them.
	 * @param count how many
	 * @throws IOException if one fails
	 */
	public void connect(int count) throws IOException {
		AtomicInteger left = new AtomicInteger(count);
		Workers.run(THREADS, (index) -> {
			while (left.getAndDecrement() > 0) {
				connect();
			}
		});
	}

	/**
	 * Connect more of them to a server that may not have room for all.
	 * @param count how many
	 * @param limit after which time those without an answer go away
	 * @return how many were answered
	 * @throws IOException if the caller is interrupted
	 */
	public int connect(int count, Duration limit) throws IOException {
		return Attempts.run(THREADS, count, limit, () -> {
			connect();
			return true;
		}).size();
	}

	private void connect() throws IOException {
		TlsConnection connection = this.clients.connect(this.server.address());
		try {
			connection.write(this.request);
			HttpExchange.readAnswer(connection);
		}
		catch (IOException ex) {
			connection.close();
			throw ex;
		}
		synchronized (this.sockets) {
			this.sockets.add(connection.socket());
		}
	}

	/**
	 * Let each of them send one byte, the beginning of a record.
	 * @throws IOException if one cannot
	 */
	public void stir() throws IOException {
		ByteBuffer byteOfRecord = ByteBuffer.wrap(new byte[] { 0x17 });
		for (SocketChannel socket : this.sockets) {
			socket.write(byteOfRecord.rewind());
		}
	}

	@Override
	public void close() {
		for (SocketChannel socket : this.sockets) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// Gone already
			}
		}
		this.sockets.clear();
	}

}
