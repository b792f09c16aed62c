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

import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.result.Statistics;

/**
 * What ordinary clients have to wait for their answers, one request at a time.
 */
public final class Latencies {

	private static final double P99 = 0.99;

	private final TlsClients clients = TlsClients.create();

	private final Server server;

	/**
	 * Create clients.
	 * @param server the server they ask
	 */
	public Latencies(Server server) {
		this.server = server;
	}

	/**
	 * Ask on one connection.
	 * @param count number of requests
	 * @return what 99 of 100 answers did not exceed, in nanoseconds
	 * @throws IOException if a request fails
	 */
	public double kept(int count) throws IOException {
		List<Double> nanos = new ArrayList<>(count);
		try (TlsConnection connection = this.clients.connect(this.server.address())) {
			for (int i = 0; i < count; i++) {
				long begin = System.nanoTime();
				connection.write(HttpExchange.KEPT);
				HttpExchange.readAnswer(connection);
				nanos.add((double) (System.nanoTime() - begin));
			}
			connection.closeNotify();
		}
		return Statistics.percentile(nanos, P99);
	}

	/**
	 * Ask on a new connection each time.
	 * @param count number of requests
	 * @return what 99 of 100 connections did not exceed, from connecting to the end, in
	 * nanoseconds
	 * @throws IOException if a request fails
	 */
	public double connected(int count) throws IOException {
		List<Double> nanos = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			long begin = System.nanoTime();
			PoliteClients.connect(this.server.address(), null);
			nanos.add((double) (System.nanoTime() - begin));
		}
		return Statistics.percentile(nanos, P99);
	}

}
