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

package io.github.tlsshutdown.benchmarks.part;

import java.io.IOException;

import io.github.tlsshutdown.benchmarks.load.H2Load;
import io.github.tlsshutdown.benchmarks.load.KeptClients;
import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.process.Connectors;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What a connection costs, and what a request on it, where all variants are connectors of
 * one JVM. That compiles the same code for all of them: what two JVMs differ by is
 * absent.
 */
public final class ConnectorsPart implements Part {

	private static final int CLIENTS = 8;

	private static final int MEGABYTES = 256;

	@Override
	public String name() {
		return "connectors";
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		H2Load.require();
		int warmUpRounds = quick ? 1 : 4;
		int rounds = quick ? 2 : 20;
		// What it takes is forgotten
		Recorder warmUp = new Recorder();
		try (Servers connectors = Servers.of(Connectors.start(Servers.COMPARED, ServerOptions.defaults()))) {
			for (int round = -warmUpRounds; round < rounds; round++) {
				round(connectors, round, (round < 0) ? warmUp : recorder, quick);
			}
		}
	}

	private void round(Servers connectors, int round, Recorder recorder, boolean quick) throws IOException {
		int connections = quick ? 50 : 600;
		int requests = quick ? 500 : 10_000;
		int megabytes = quick ? 10 : MEGABYTES;
		measure(connectors, "full handshake", "connection", connections, round, recorder,
				(connector) -> PoliteClients.run(connector, connections, false));
		measure(connectors, "resumed session", "connection", connections, round, recorder,
				(connector) -> PoliteClients.run(connector, connections, true));
		measure(connectors, "HTTP/1.1", "request", requests, round, recorder,
				(connector) -> KeptClients.run(connector, CLIENTS, requests));
		measure(connectors, "HTTP/2", "request", requests, round, recorder,
				(connector) -> H2Load.run(connector, "/hello", requests, "-c", "4", "-m", "8"));
		measure(connectors, "download", "MiB", megabytes, round, recorder,
				(connector) -> KeptClients.download(connector, megabytes * 1024L * 1024));
	}

	private void measure(Servers connectors, String scenario, String thing, int count, int round, Recorder recorder,
			CostMeter.Load<?> load) throws IOException {
		for (Server connector : connectors.inOrderOf(round)) {
			CostMeter.measure(connector, scenario, thing, count, round, recorder, load);
		}
	}

}
