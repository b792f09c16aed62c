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
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.github.tlsshutdown.benchmarks.load.HttpExchange;
import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.load.Probes;
import io.github.tlsshutdown.benchmarks.load.SilentPeers;
import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.ProcessSample;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerFactory;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * One server whose peers say nothing more, and what it holds for them as time goes by.
 */
final class SilenceWatch implements AutoCloseable {

	private static final String SCENARIO = "silent peers";

	/**
	 * For {@code heap}: all of it is resident from the start, so that the rest is seen.
	 */
	private static final ServerOptions OPTIONS = ServerOptions.defaults().withJvm("-XX:+AlwaysPreTouch");

	private static final double MEBI = 1048576;

	private static final double MILLI = 1_000_000;

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);

	private static final Duration PROBE_LIMIT = Duration.ofSeconds(10);

	private final Server server;

	private final SilentPeers peers;

	private final ProcessSample before;

	private final long heapBefore;

	private final int socketsBefore;

	private final Map<Integer, ScheduledFuture<Integer>> sockets = new LinkedHashMap<>();

	private final Map<String, Value> values = new LinkedHashMap<>();

	private SilenceWatch(Server server, int warmUp) throws IOException {
		this.server = server;
		PoliteClients.run(server, warmUp, false);
		Pause.millis(1_000);
		this.heapBefore = heap();
		this.before = ProcessSample.of(server);
		this.socketsBefore = ProcessSample.sockets(server);
		this.peers = new SilentPeers(server, HttpExchange.LAST);
	}

	static SilenceWatch start(ServerFactory factory, int warmUp) throws IOException {
		Server server = factory.start(OPTIONS);
		try {
			return new SilenceWatch(server, warmUp);
		}
		catch (IOException | RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	/**
	 * Let peers come, and look at the server at some moments after the last of them. It
	 * is stopped after the last look.
	 * @param count how many peers
	 * @param probes how many new clients then ask
	 * @param seconds the moments
	 * @param executor looks at the server
	 * @throws IOException if nothing can be seen
	 */
	void watch(int count, int probes, List<Integer> seconds, ScheduledExecutorService executor) throws IOException {
		put("peers answered", "of " + count, this.peers.connect(count, CONNECT_LIMIT));
		int last = Collections.max(seconds);
		for (int second : seconds) {
			this.sockets.put(second, executor.schedule(() -> {
				int held = ProcessSample.sockets(this.server) - this.socketsBefore;
				if (second == last) {
					close();
				}
				return held;
			}, second, TimeUnit.SECONDS));
		}
		Pause.millis(1_000);
		ProcessSample sample = ProcessSample.of(this.server);
		put("threads before", "threads", this.before.threads());
		put("threads then", "threads", sample.threads());
		put("more resident memory", "MiB", (sample.residentBytes() - this.before.residentBytes()) / MEBI);
		if (this.server instanceof JavaServer) {
			put("more heap", "MiB", (heap() - this.heapBefore) / MEBI);
		}
		List<Long> nanos = new Probes(this.server).run(probes, PROBE_LIMIT);
		put("new requests answered", "of " + probes, nanos.size());
		if (!nanos.isEmpty()) {
			put("slowest answer", "ms", Collections.max(nanos) / MILLI);
		}
	}

	private void put(String metric, String unit, double value) {
		this.values.put(metric, new Value(unit, value));
	}

	private long heap() throws IOException {
		return (this.server instanceof JavaServer java) ? java.ask("/heap") : 0;
	}

	/**
	 * Record everything, after the last look.
	 * @param recorder takes the values
	 * @throws IOException if nothing could be seen
	 */
	void record(Recorder recorder) throws IOException {
		this.values.forEach(
				(metric, value) -> recorder.add(SCENARIO, this.server.name(), metric, value.unit(), 0, value.number()));
		for (Map.Entry<Integer, ScheduledFuture<Integer>> entry : this.sockets.entrySet()) {
			try {
				recorder.add(SCENARIO, this.server.name(), "sockets after " + entry.getKey() + " s", "sockets", 0,
						entry.getValue().get());
			}
			catch (ExecutionException | InterruptedException ex) {
				throw new IOException(ex);
			}
		}
	}

	@Override
	public void close() {
		this.peers.close();
		this.server.close();
	}

	private record Value(String unit, double number) {
	}

}
