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
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What connections cost while they last.
 */
public final class DataPathPart implements Part {

	private static final int CLIENTS = 8;

	private static final int MEGABYTE = 1024 * 1024;

	private final Platform platform;

	/**
	 * Create this part for a server.
	 * @param platform the server
	 */
	public DataPathPart(Platform platform) {
		this.platform = platform;
	}

	@Override
	public String name() {
		return this.platform.part("data-path");
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		if (this.platform.isDefault()) {
			H2Load.require();
		}
		try (Servers servers = Servers.start(Servers.compared(this.platform), ServerOptions.defaults())) {
			run(servers, recorder, quick);
		}
	}

	private void run(Servers servers, Recorder recorder, boolean quick) throws IOException {
		int requests = quick ? 500 : 20_000;
		int megabytes = quick ? 10 : 1024;
		int rounds = quick ? 2 : 5;
		for (Server server : servers.all()) {
			http1(server, 2 * requests);
			if (this.platform.isDefault()) {
				http2(server, 2 * requests);
				download(server, megabytes);
			}
			recorder.say(server.name() + " is warm");
		}
		for (int round = 0; round < rounds; round++) {
			measure(servers, "HTTP/1.1", "request", requests, round, recorder, (server) -> http1(server, requests));
			if (!this.platform.isDefault()) {
				continue;
			}
			measure(servers, "HTTP/2", "request", requests, round, recorder, (server) -> http2(server, requests));
			measure(servers, "download of " + megabytes + " MiB", "MiB", megabytes, round, recorder,
					(server) -> download(server, megabytes));
		}
	}

	private void measure(Servers servers, String scenario, String thing, int count, int round, Recorder recorder,
			CostMeter.Load<Double> load) throws IOException {
		for (Server server : servers.inOrderOf(round)) {
			double seconds = CostMeter.measure(server, scenario, thing, count, round, recorder, load);
			recorder.add(scenario, server.name(), "throughput", thing + "/s", round, count / seconds);
		}
	}

	private static double http1(Server server, int requests) throws IOException {
		return KeptClients.run(server, CLIENTS, requests);
	}

	private static double http2(Server server, int requests) throws IOException {
		return H2Load.run(server, "/hello", requests, "-c", "4", "-m", "8");
	}

	private static double download(Server server, int megabytes) throws IOException {
		return KeptClients.download(server, (long) megabytes * MEGABYTE);
	}

}
