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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.github.tlsshutdown.benchmarks.load.KeptClients;
import io.github.tlsshutdown.benchmarks.process.OneJvm;
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.ProcessSample;
import io.github.tlsshutdown.benchmarks.process.Processors;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What a small request costs on connections that stay, where all variants are
 * applications of one JVM. Rounds are so short, and so many, that whatever else the
 * machine does affects all variants alike: a difference of 1 % can be seen.
 */
public final class RequestsPart implements Part {

	private static final String SCENARIO = "HTTP/1.1";

	private static final int CONNECTIONS = 4;

	private static final int REQUESTS = 500;

	private final Platform platform;

	/**
	 * Create this part for a server.
	 * @param platform the server
	 */
	public RequestsPart(Platform platform) {
		this.platform = platform;
	}

	@Override
	public String name() {
		return this.platform.part("requests");
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		int rounds = quick ? 2 : 200;
		int warmUpRounds = quick ? 1 : 60;
		try (Servers servers = Servers.of(OneJvm.start(this.platform, Servers.COMPARED, ServerOptions.defaults()))) {
			Map<Server, KeptClients> clients = new LinkedHashMap<>();
			for (Server server : servers.all()) {
				clients.put(server, KeptClients.connect(server, CONNECTIONS));
			}
			for (int round = -warmUpRounds; round < rounds; round++) {
				if (round == -warmUpRounds / 3) {
					// The compiler has done its part, on all processors
					Processors.separate(servers.all().get(0));
				}
				for (Server server : servers.inOrderOf(round)) {
					double micros = measure(server, Objects.requireNonNull(clients.get(server)));
					if (round >= 0) {
						recorder.add(SCENARIO, server.name(), "CPU per request", "µs", round, micros);
					}
				}
			}
			clients.values().forEach(KeptClients::close);
		}
		finally {
			Processors.share();
		}
	}

	private static double measure(Server server, KeptClients clients) throws IOException {
		ProcessSample before = ProcessSample.of(server);
		clients.ask(REQUESTS);
		return ProcessSample.of(server).cpuNanosSince(before) / 1_000.0 / REQUESTS;
	}

}
