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
import java.time.Duration;
import java.util.List;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * New clients of a server that may have no room for them.
 */
public final class Probes {

	private static final int THREADS = 2;

	private final TlsClients clients = TlsClients.create();

	private final Server server;

	/**
	 * Create probes.
	 * @param server the server they ask
	 */
	public Probes(Server server) {
		this.server = server;
	}

	/**
	 * Ask once on each of several new connections.
	 * @param count how many
	 * @param limit after which those without an answer go away
	 * @return how long each of those took that were answered, from connecting to the
	 * answer, in nanoseconds
	 * @throws IOException if the caller is interrupted
	 */
	public List<Long> run(int count, Duration limit) throws IOException {
		return Attempts.run(THREADS, count, limit, this::ask);
	}

	private long ask() throws IOException {
		long begin = System.nanoTime();
		try (TlsConnection connection = this.clients.connect(this.server.address())) {
			connection.write(HttpExchange.LAST);
			HttpExchange.readAnswer(connection);
			long nanos = System.nanoTime() - begin;
			connection.closeNotify();
			return nanos;
		}
	}

}
