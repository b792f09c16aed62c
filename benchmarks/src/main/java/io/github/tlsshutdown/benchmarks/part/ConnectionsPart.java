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

import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What a connection costs the server: handshake, one small request, end.
 */
public final class ConnectionsPart implements Part {

	private final Platform platform;

	/**
	 * Create this part for a server.
	 * @param platform the server
	 */
	public ConnectionsPart(Platform platform) {
		this.platform = platform;
	}

	@Override
	public String name() {
		return this.platform.part("connections");
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		int launches = quick ? 1 : 3;
		// Two JVMs never compile the same code alike: more than one of each
		for (int launch = 0; launch < launches; launch++) {
			try (Servers servers = Servers.start(Servers.compared(this.platform), ServerOptions.defaults())) {
				launch(servers, launch, recorder, quick);
			}
		}
	}

	private void launch(Servers servers, int launch, Recorder recorder, boolean quick) throws IOException {
		int warmUp = quick ? 50 : 3_000;
		int rounds = quick ? 2 : 5;
		for (Server server : servers.all()) {
			PoliteClients.run(server, warmUp, false);
			PoliteClients.run(server, warmUp, true);
			recorder.say(server.name() + " is warm");
		}
		for (int i = 0; i < rounds; i++) {
			int round = launch * rounds + i;
			for (Server server : servers.inOrderOf(round)) {
				measure(server, false, round, recorder, quick);
			}
			for (Server server : servers.inOrderOf(round)) {
				measure(server, true, round, recorder, quick);
			}
		}
	}

	private void measure(Server server, boolean resume, int round, Recorder recorder, boolean quick)
			throws IOException {
		int count = quick ? 50 : 600;
		int resumed = CostMeter.measure(server, resume ? "resumed session" : "full handshake", "connection", count,
				round, recorder, (loaded) -> PoliteClients.run(loaded, count, resume));
		if (resumed < (resume ? count * 0.98 - 2 : 0)) {
			throw new IOException("Only " + resumed + " of " + count + " sessions were resumed by " + server.name());
		}
	}

}
