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
import java.util.ArrayList;
import java.util.List;

import io.github.tlsshutdown.benchmarks.load.HttpExchange;
import io.github.tlsshutdown.benchmarks.load.Latencies;
import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.load.SilentPeers;
import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.ProcessSample;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.process.Variant;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What peers cost that are waited for and never answer.
 */
public final class WaitingPart implements Part {

	private static final String WAITING = "waiting, bidirectional";

	private static final String IDLE = "open and idle, none";

	private static final int MOST = 20_000;

	/** Open connections take far more memory than those that wait. */
	private static final int MOST_IDLE = 10_000;

	/** Tomcat's poller lets go of closed connections within a second. */
	private static final long SETTLE_MILLIS = 3_000;

	/** Descriptors that are needed for other things than peers. */
	private static final int OTHER_DESCRIPTORS = 400;

	private static final ServerOptions OPTIONS = ServerOptions.defaults()
		.withHeap(3072)
		.withJvm("-XX:+AlwaysPreTouch", "-XX:NativeMemoryTracking=summary");

	private final Platform platform;

	/**
	 * Create this part for a server.
	 * @param platform the server
	 */
	public WaitingPart(Platform platform) {
		this.platform = platform;
	}

	@Override
	public String name() {
		return this.platform.part("waiting");
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		for (int peers : sizes(quick)) {
			waiting(peers, recorder, quick);
			if (peers <= MOST_IDLE) {
				idle(peers, recorder, quick);
			}
		}
		latencies(quick ? 50 : 10_000, recorder, quick);
	}

	private static List<Integer> sizes(boolean quick) throws IOException {
		if (quick) {
			return List.of(20, 50);
		}
		List<Integer> sizes = new ArrayList<>(List.of(1_000, 10_000));
		sizes.add(Math.min(MOST, DescriptorLimit.get() - OTHER_DESCRIPTORS));
		return sizes;
	}

	private void waiting(int peers, Recorder recorder, boolean quick) throws IOException {
		// Everybody must have come, and everything been measured, before the first is
		// given up
		int timeout = quick ? 15 : 45 + peers / 200;
		try (JavaServer server = Variant.BIDIRECTIONAL.on(this.platform).start(waitingFor(timeout));
				SilentPeers silent = new SilentPeers(server, HttpExchange.LAST)) {
			MemoryUse before = measureMemory(server, silent, peers, WAITING, recorder, quick);
			recordCpu(server, peers, WAITING, recorder, quick);
			silent.stir();
			recordExpiry(server, before.sample().descriptors(), peers, timeout, recorder);
		}
	}

	private void idle(int peers, Recorder recorder, boolean quick) throws IOException {
		ServerOptions options = OPTIONS.withApplication(this.platform.patience());
		try (JavaServer server = Variant.NONE.on(this.platform).start(options);
				SilentPeers silent = new SilentPeers(server, HttpExchange.KEPT)) {
			measureMemory(server, silent, peers, IDLE, recorder, quick);
			recordCpu(server, peers, IDLE, recorder, quick);
		}
	}

	private static ServerOptions waitingFor(int seconds) {
		return OPTIONS.withApplication("--tls.shutdown.timeout=" + seconds + "s", "--tls.shutdown.max-wait=1h",
				"--tls.shutdown.max-pending=100000");
	}

	private MemoryUse measureMemory(JavaServer server, SilentPeers silent, int peers, String variant, Recorder recorder,
			boolean quick) throws IOException {
		String scenario = Integer.toString(peers);
		// Starts what is only started when it is asked for
		MemoryUse.of(server);
		int threads = ProcessSample.of(server).threads();
		PoliteClients.run(server, quick ? 50 : 1_000, false);
		Pause.millis(SETTLE_MILLIS);
		MemoryUse before = MemoryUse.of(server);
		silent.connect(peers);
		Pause.millis(SETTLE_MILLIS);
		MemoryUse after = MemoryUse.of(server);
		int descriptors = after.sample().descriptors() - before.sample().descriptors();
		if (descriptors < peers) {
			throw new IOException("Only " + descriptors + " of " + peers + " connections are left: " + variant);
		}
		recorder.add(scenario, variant, "heap per connection", "KiB", 0, perPeer(before.heap(), after.heap(), peers));
		recorder.add(scenario, variant, "heap", "MiB", 0, (after.heap() - before.heap()) / 1048576.0);
		recorder.add(scenario, variant, "native memory per connection (NMT)", "KiB", 0,
				perPeer(before.committed(), after.committed(), peers));
		recorder.add(scenario, variant, "resident memory per connection", "KiB", 0,
				perPeer(before.sample().residentBytes(), after.sample().residentBytes(), peers));
		recorder.add(scenario, variant, "threads more than before the first connection", "threads", 0,
				after.sample().threads() - threads);
		return before;
	}

	private static double perPeer(long before, long after, int peers) {
		return (after - before) / 1024.0 / peers;
	}

	private void recordCpu(JavaServer server, int peers, String variant, Recorder recorder, boolean quick)
			throws IOException {
		int seconds = quick ? 2 : 20;
		ProcessSample before = ProcessSample.of(server);
		Pause.millis(seconds * 1_000L);
		long nanos = ProcessSample.of(server).cpuNanosSince(before);
		recorder.add(Integer.toString(peers), variant, "CPU per minute", "ms", 0, nanos / 1e6 * 60 / seconds);
	}

	private void recordExpiry(JavaServer server, int descriptors, int peers, int timeout, Recorder recorder)
			throws IOException {
		ProcessSample before = ProcessSample.of(server);
		long deadline = System.nanoTime() + 2L * timeout * 1_000_000_000;
		long first = 0;
		int left;
		while ((left = ProcessSample.descriptors(server) - descriptors) > 0) {
			if (first == 0 && left < peers) {
				first = System.nanoTime();
			}
			if (System.nanoTime() > deadline) {
				throw new IOException(left + " connections were not given up");
			}
			Pause.millis(20);
		}
		String scenario = Integer.toString(peers);
		recorder.add(scenario, WAITING, "time from the first to the last that is given up", "ms", 0,
				(first != 0) ? (System.nanoTime() - first) / 1e6 : 0);
		recorder.add(scenario, WAITING, "CPU until all are given up", "ms", 0,
				ProcessSample.of(server).cpuNanosSince(before) / 1e6);
	}

	private void latencies(int peers, Recorder recorder, boolean quick) throws IOException {
		int rounds = quick ? 1 : 7;
		ServerOptions options = waitingFor(3_000);
		try (JavaServer first = Variant.BIDIRECTIONAL.on(this.platform).start(options);
				JavaServer second = Variant.BIDIRECTIONAL.on(this.platform).start(options)) {
			for (JavaServer server : List.of(first, second)) {
				PoliteClients.run(server, quick ? 50 : 3_000, false);
				new Latencies(server).kept(quick ? 50 : 5_000);
			}
			// Once each, so that what the two JVMs differ by counts for neither
			latencies(first, second, peers, 0, rounds, recorder, quick);
			latencies(second, first, peers, rounds, rounds, recorder, quick);
		}
	}

	private void latencies(JavaServer waiting, JavaServer other, int peers, int firstRound, int rounds,
			Recorder recorder, boolean quick) throws IOException {
		try (SilentPeers silent = new SilentPeers(waiting, HttpExchange.LAST)) {
			silent.connect(peers);
			waiting.ask("/heap");
			other.ask("/heap");
			for (int round = firstRound; round < firstRound + rounds; round++) {
				latencies(waiting, peers + " waiting peers", round, recorder, quick);
				latencies(other, "no waiting peers", round, recorder, quick);
			}
		}
		// Ended by their resets and FINs
		Pause.millis(2_000);
	}

	private void latencies(JavaServer server, String variant, int round, Recorder recorder, boolean quick)
			throws IOException {
		Latencies latencies = new Latencies(server);
		recorder.add("request on a kept connection", variant, "p99", "ms", round,
				latencies.kept(quick ? 100 : 5_000) / 1e6);
		recorder.add("new connection with one request", variant, "p99", "ms", round,
				latencies.connected(quick ? 20 : 500) / 1e6);
	}

}
