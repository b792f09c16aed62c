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
import java.util.ArrayList;
import java.util.List;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Peers that go on sending, as much as the server takes, after it has closed; and begin
 * again when they are cut off.
 */
public final class StreamingPeers implements AutoCloseable {

	private final TlsClients clients = TlsClients.create();

	private final Server server;

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean stopped;

	/**
	 * Create peers.
	 * @param server the server they connect to
	 */
	public StreamingPeers(Server server) {
		this.server = server;
	}

	/**
	 * Start them.
	 * @param count how many
	 */
	public void start(int count) {
		for (int i = 0; i < count; i++) {
			Thread thread = new Thread(this::stream);
			thread.setDaemon(true);
			thread.start();
			this.threads.add(thread);
		}
	}

	private void stream() {
		while (!this.stopped) {
			try (TlsConnection connection = this.clients.connect(this.server.address())) {
				connection.write(HttpExchange.LAST);
				HttpExchange.readAnswer(connection);
				ByteBuffer data = ByteBuffer.allocateDirect(16 * 1024);
				while (!this.stopped) {
					connection.write(data.clear());
				}
			}
			catch (IOException ex) {
				// Cut off
			}
		}
	}

	@Override
	public void close() {
		this.stopped = true;
		for (Thread thread : this.threads) {
			thread.interrupt();
		}
	}

}
