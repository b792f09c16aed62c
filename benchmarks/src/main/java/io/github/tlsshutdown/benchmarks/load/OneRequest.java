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
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Connections with one small request each, after which the server closes.
 */
final class OneRequest {

	private static final int THREADS = 2;

	private static final TlsClients clients = TlsClients.create();

	private OneRequest() {
	}

	/**
	 * Make connections, one after the other on each of two threads.
	 * @param server the server
	 * @param count number of connections
	 * @param resume whether all but the first of a thread resume a session
	 * @param end what the client does when it has the whole answer
	 * @return how many sessions were resumed
	 * @throws IOException if one fails
	 */
	static int run(Server server, int count, boolean resume, Consumer<TlsConnection> end) throws IOException {
		AtomicInteger left = new AtomicInteger(count);
		AtomicInteger resumed = new AtomicInteger();
		InetSocketAddress address = server.address();
		Workers.run(THREADS, (index) -> {
			while (left.getAndDecrement() > 0) {
				if (connect(address, resume ? "client" + index : null, end)) {
					resumed.incrementAndGet();
				}
			}
		});
		return resumed.get();
	}

	/**
	 * Make one connection.
	 * @param address the server's address
	 * @param session the session to resume, or {@code null}
	 * @param end what the client does when it has the whole answer
	 * @return whether a session was resumed
	 * @throws IOException if it fails
	 */
	static boolean connect(InetSocketAddress address, @Nullable String session, Consumer<TlsConnection> end)
			throws IOException {
		try (TlsConnection connection = clients.connect(address, session)) {
			connection.write(HttpExchange.LAST);
			int status = HttpExchange.readAnswer(connection);
			if (status != 200) {
				throw new IOException("Status " + status);
			}
			end.accept(connection);
			return connection.isResumed();
		}
	}

}
