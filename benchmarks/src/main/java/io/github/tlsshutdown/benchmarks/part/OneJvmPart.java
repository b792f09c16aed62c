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

import io.github.tlsshutdown.benchmarks.load.AbruptClients;
import io.github.tlsshutdown.benchmarks.load.H2Load;
import io.github.tlsshutdown.benchmarks.load.KeptClients;
import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.process.OneJvm;
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.Processors;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What a connection costs, a stream of HTTP/2, and a download, where all variants are
 * applications of one JVM. That compiles the same code for all of them: what two JVMs
 * differ by is absent.
 */
public final class OneJvmPart implements Part {

	private static final int MEGABYTES = 64;

	private final Platform platform;

	/**
	 * Create this part for a server.
	 * @param platform the server
	 */
	public OneJvmPart(Platform platform) {
		this.platform = platform;
	}

	@Override
	public String name() {
		return this.platform.part("one-jvm");
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		if (this.platform.isDefault()) {
			H2Load.require();
		}
		int warmUpRounds = quick ? 1 : 16;
		// Many short ones: what else the machine does changes from second to second
		int rounds = quick ? 2 : 40;
		// What it takes is forgotten
		Recorder warmUp = new Recorder();
		try (Servers servers = Servers.of(OneJvm.start(this.platform, Servers.COMPARED, ServerOptions.defaults()))) {
			for (int round = -warmUpRounds; round < rounds; round++) {
				if (round == 0) {
					// The compiler has done its part, on all processors
					Processors.separate(servers.all().get(0));
				}
				round(servers, round, (round < 0) ? warmUp : recorder, quick);
				recorder.say("round " + round);
			}
		}
		finally {
			Processors.share();
		}
	}

	private void round(Servers servers, int round, Recorder recorder, boolean quick) throws IOException {
		int connections = quick ? 50 : 150;
		measure(servers, "full handshake", "connection", connections, round, recorder,
				(server) -> PoliteClients.run(server, connections, false));
		measure(servers, "resumed session", "connection", connections, round, recorder,
				(server) -> PoliteClients.run(server, connections, true));
		measure(servers, "abrupt client", "connection", connections, round, recorder, (server) -> {
			AbruptClients.run(server, connections);
			return connections;
		});
		if (this.platform.isDefault()) {
			int requests = quick ? 500 : 2_000;
			int megabytes = quick ? 10 : MEGABYTES;
			measure(servers, "HTTP/2", "request", requests, round, recorder,
					(server) -> H2Load.run(server, "/hello", requests, "-c", "4", "-m", "8"));
			measure(servers, "download", "MiB", megabytes, round, recorder,
					(server) -> KeptClients.download(server, megabytes * 1024L * 1024));
		}
	}

	private void measure(Servers servers, String scenario, String thing, int count, int round, Recorder recorder,
			CostMeter.Load<?> load) throws IOException {
		for (Server server : servers.inOrderOf(round)) {
			CostMeter.measure(server, scenario, thing, count, round, recorder, load);
		}
	}

}
