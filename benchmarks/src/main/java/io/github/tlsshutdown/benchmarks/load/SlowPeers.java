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
import java.util.concurrent.TimeUnit;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Clients that answer the server's close_notify late, so that the server has begun to
 * wait for them.
 */
public final class SlowPeers {

	private static final int THREADS = 4;

	private static final long DELAY_MILLIS = 20;

	private final TlsClients clients = TlsClients.create();

	/**
	 * Make connections.
	 * @param server the server
	 * @param count number of connections of each thread
	 * @throws IOException if one fails
	 */
	public void run(Server server, int count) throws IOException {
		InetSocketAddress address = server.address();
		Workers.run(THREADS, (index) -> {
			for (int i = 0; i < count; i++) {
				try (TlsConnection connection = this.clients.connect(address)) {
					connection.write(HttpExchange.LAST);
					HttpExchange.readAnswer(connection);
					connection.read();
					TimeUnit.MILLISECONDS.sleep(DELAY_MILLIS);
					connection.closeNotify();
				}
			}
		});
	}

}
