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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

/**
 * Measures what peers that stream without end mean for others: the 99th percentile of
 * ordinary requests on a connection that is kept, and of the shutdown of peers that
 * answer at once. Rounds without streamers and rounds with them alternate; the streamers
 * are a process of their own. Arguments: number of streamers, of rounds, and of samples a
 * round. Give it at least four cores, and nothing else to do.
 */
public final class StreamersLatency {

	private static final String STREAM = "stream";

	private StreamersLatency() {
	}

	public static void main(String[] args) throws Exception {
		if (args[0].equals(STREAM)) {
			stream(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
			return;
		}
		int streamers = Integer.parseInt(args[0]);
		int rounds = Integer.parseInt(args[1]);
		int samples = Integer.parseInt(args[2]);
		List<Round> quiet = new ArrayList<>();
		List<Round> streaming = new ArrayList<>();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=30s",
				"tls.shutdown.max-wait=1h", "tls.shutdown.max-discard=1TB",
				"server.tomcat.max-keep-alive-requests=-1")) {
			measure(server, samples);
			for (int i = 0; i < rounds; i++) {
				quiet.add(measure(server, samples));
				Process process = startStreamers(server, streamers);
				try {
					streaming.add(measure(server, samples));
					if (server.recorder().connector().getPending() < streamers) {
						throw new IllegalStateException("Not all streamers have gone on");
					}
				}
				finally {
					process.destroyForcibly().waitFor();
				}
				awaitPending(server, 0);
				print(i, quiet.get(i), streaming.get(i));
			}
		}
		Round quietMedian = median(quiet);
		Round streamingMedian = median(streaming);
		System.out.printf("ratio of medians: requests %.2f, completions %.2f%n",
				streamingMedian.requestMicros / quietMedian.requestMicros,
				streamingMedian.completionMicros / quietMedian.completionMicros);
	}

	private static Round measure(TestServer server, int samples) throws Exception {
		double[] requests = new double[samples];
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			for (int i = 0; i < samples; i++) {
				long start = System.nanoTime();
				peer.get("/hello");
				peer.readResponse("hello");
				requests[i] = (System.nanoTime() - start) / 1000.0;
			}
			peer.sendCloseNotify();
		}
		int before = completions(server).size();
		for (int i = 0; i < samples; i++) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				peer.readResponse("bye");
				peer.awaitFinOrReset();
				peer.sendCloseNotify();
			}
		}
		while (completions(server).size() < before + samples) {
			Thread.sleep(10);
		}
		// The last ones; that of the first connection may have come late
		List<Double> completions = completions(server);
		return new Round(percentile99(requests), percentile99(
				completions.subList(before, completions.size()).stream().mapToDouble(Double::doubleValue).toArray()));
	}

	private static List<Double> completions(TestServer server) {
		return server.recorder()
			.events()
			.stream()
			.filter((event) -> event.outcome() == TlsShutdownOutcome.COMPLETED)
			.map(TlsShutdownEvent::duration)
			.map((duration) -> duration.toNanos() / 1000.0)
			.toList();
	}

	private static Process startStreamers(TestServer server, int streamers) throws Exception {
		Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
				System.getProperty("java.class.path"), StreamersLatency.class.getName(), STREAM,
				String.valueOf(server.port()), String.valueOf(streamers))
			.redirectOutput(Redirect.INHERIT)
			.redirectError(Redirect.INHERIT)
			.start();
		awaitPending(server, streamers);
		return process;
	}

	private static void awaitPending(TestServer server, int count) throws Exception {
		while (server.recorder().connector().getPending() != count) {
			Thread.sleep(10);
		}
	}

	private static void stream(int port, int count) throws Exception {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			TlsPeer peer = TlsPeer.connect(port, "TLSv1.3");
			peer.get("/bye");
			peer.readResponse("bye");
			peer.awaitFinOrReset();
			Thread thread = new Thread(() -> streamForEver(peer));
			thread.start();
			threads.add(thread);
		}
		for (Thread thread : threads) {
			thread.join();
		}
	}

	private static void streamForEver(TlsPeer peer) {
		byte[] data = new byte[16 * 1024];
		try {
			while (true) {
				peer.send(data);
			}
		}
		catch (IOException ex) {
			System.err.println("A streamer was stopped: " + ex);
		}
	}

	private static double percentile99(double[] values) {
		Arrays.sort(values);
		return values[(int) Math.ceil(values.length * 0.99) - 1];
	}

	private static Round median(List<Round> rounds) {
		return new Round(median(rounds.stream().mapToDouble(Round::requestMicros).toArray()),
				median(rounds.stream().mapToDouble(Round::completionMicros).toArray()));
	}

	private static double median(double[] values) {
		Arrays.sort(values);
		return values[values.length / 2];
	}

	private static void print(int round, Round quiet, Round streaming) {
		System.out.printf(
				"round %d, p99 in us: requests %.0f quiet, %.0f streaming;"
						+ " completions %.0f quiet, %.0f streaming%n",
				round + 1, quiet.requestMicros, streaming.requestMicros, quiet.completionMicros,
				streaming.completionMicros);
	}

	private record Round(double requestMicros, double completionMicros) {
	}

}
