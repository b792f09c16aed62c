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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Clients that speak HTTP/1.1 and ask more than once on a connection, or for more than
 * others.
 */
public final class KeptClients implements AutoCloseable {

	private static final TlsClients clients = TlsClients.create();

	private final List<TlsConnection> connections = new ArrayList<>();

	private KeptClients() {
	}

	/**
	 * Connect clients that are asked for requests later.
	 * @param server the server
	 * @param connections number of connections
	 * @return the clients, for use by one thread
	 * @throws IOException if the server does not accept them
	 */
	public static KeptClients connect(Server server, int connections) throws IOException {
		KeptClients kept = new KeptClients();
		for (int i = 0; i < connections; i++) {
			kept.connections.add(clients.connect(server.address()));
		}
		return kept;
	}

	/**
	 * Send small requests one after the other, on all connections in turn.
	 * @param requests number of requests
	 * @throws IOException if a request is not answered
	 */
	public void ask(int requests) throws IOException {
		for (int i = 0; i < requests; i++) {
			ask(this.connections.get(i % this.connections.size()), HttpExchange.KEPT);
		}
	}

	@Override
	public void close() {
		this.connections.forEach(TlsConnection::close);
	}

	/**
	 * Send small requests.
	 * @param server the server
	 * @param connections number of connections, each with a thread
	 * @param requests number of requests of all connections together
	 * @return the time it took, in seconds
	 * @throws IOException if a request is not answered
	 */
	public static double run(Server server, int connections, int requests) throws IOException {
		AtomicInteger left = new AtomicInteger(requests);
		long begin = System.nanoTime();
		Workers.run(connections, (index) -> {
			try (TlsConnection connection = clients.connect(server.address())) {
				while (left.getAndDecrement() > 0) {
					ask(connection, HttpExchange.KEPT);
				}
				connection.closeNotify();
			}
		});
		return (System.nanoTime() - begin) / 1e9;
	}

	/**
	 * Receive one large answer.
	 * @param server the server
	 * @param size the size of the answer
	 * @return the time it took, in seconds
	 * @throws IOException if it does not come whole
	 */
	public static double download(Server server, long size) throws IOException {
		long begin = System.nanoTime();
		try (TlsConnection connection = clients.connect(server.address())) {
			ask(connection, "GET /download?size=" + size + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			connection.closeNotify();
		}
		return (System.nanoTime() - begin) / 1e9;
	}

	private static void ask(TlsConnection connection, String request) throws IOException {
		connection.write(request);
		int status = HttpExchange.readAnswer(connection);
		if (status != 200) {
			throw new IOException("Status " + status);
		}
	}

}
