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

import io.github.tlsshutdown.benchmarks.load.Latencies;
import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.load.SlowPeers;
import io.github.tlsshutdown.benchmarks.load.StreamingPeers;
import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.process.Variant;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What peers that send on at full speed after our close_notify do to others. They take
 * processor time from everyone on the machine: the comparison is a second server of the
 * same kind, which is not the one they send to.
 */
public final class FairnessPart implements Part {

	private static final double MILLI = 1_000_000.0;

	private static final int ATTACKERS = 4;

	@Override
	public String name() {
		return "fairness";
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		int rounds = quick ? 1 : 5;
		ServerOptions options = ServerOptions.defaults().withApplication("--benchmark.record-durations=true");
		try (JavaServer first = Variant.BIDIRECTIONAL.start(options);
				JavaServer second = Variant.BIDIRECTIONAL.start(options)) {
			for (JavaServer server : new JavaServer[] { first, second }) {
				PoliteClients.run(server, quick ? 50 : 3_000, false);
				new Latencies(server).kept(quick ? 50 : 5_000);
			}
			for (int round = 0; round < rounds; round++) {
				measure((round % 2 == 0) ? first : second, "nobody is attacked", round, recorder, quick);
			}
			underAttack(first, second, 0, rounds, recorder, quick);
			underAttack(second, first, rounds, rounds, recorder, quick);
		}
	}

	private void underAttack(JavaServer attacked, JavaServer other, int firstRound, int rounds, Recorder recorder,
			boolean quick) throws IOException {
		try (StreamingPeers attackers = new StreamingPeers(attacked)) {
			attackers.start(ATTACKERS);
			Pause.millis(1_000);
			for (int round = firstRound; round < firstRound + rounds; round++) {
				measure(attacked, "this server is attacked", round, recorder, quick);
				measure(other, "the other server is attacked", round, recorder, quick);
			}
		}
		Pause.millis(1_000);
	}

	private void measure(JavaServer server, String variant, int round, Recorder recorder, boolean quick)
			throws IOException {
		Latencies latencies = new Latencies(server);
		recorder.add("request on a kept connection", variant, "p99", "ms", round,
				latencies.kept(quick ? 100 : 3_000) / MILLI);
		recorder.add("new connection with one request", variant, "p99", "ms", round,
				latencies.connected(quick ? 20 : 500) / MILLI);
		server.ask("/completions/forget");
		new SlowPeers().run(server, quick ? 5 : 100);
		Pause.millis(200);
		recorder.add("peer that answers after 20 ms", variant, "p99", "ms", round,
				server.ask("/completions/p99") / MILLI);
	}

}
