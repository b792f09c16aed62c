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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import io.github.tlsshutdown.benchmarks.load.Attempts;
import io.github.tlsshutdown.benchmarks.load.PoliteClients;
import io.github.tlsshutdown.benchmarks.load.Uploaders;
import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.Layout;
import io.github.tlsshutdown.benchmarks.process.Rivals;
import io.github.tlsshutdown.benchmarks.process.Rivals.Rival;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerFactory;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * The servers that others would choose, on the same work.
 */
public final class PeersPart implements Part {

	private static final int UPLOAD = 30_000_000;

	private static final int SMALL_UPLOAD = 2_000;

	private static final int[] ANSWERS = { 100_000, 400_000 };

	private static final Duration UPLOADS_LIMIT = Duration.ofSeconds(60);

	@Override
	public String name() {
		return "peers";
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		Path answers = Files.createDirectories(Layout.WORK.resolve("answers"));
		Files.writeString(answers.resolve("hello"), "hello");
		for (int size : ANSWERS) {
			Files.write(answers.resolve(Integer.toString(size)), new byte[size]);
		}
		Rivals rivals = new Rivals(answers);
		cost(rivals.all(false), recorder, quick);
		silence(factories(rivals.all(false)), recorder, quick);
		delivery(factories(rivals.all(true)), recorder, quick);
	}

	private static List<ServerFactory> factories(List<Rival> rivals) {
		return rivals.stream().flatMap((rival) -> rival.all().stream()).toList();
	}

	private void cost(List<Rival> rivals, Recorder recorder, boolean quick) throws IOException {
		int launches = quick ? 1 : 2;
		int warmUp = quick ? 50 : 3_000;
		int rounds = quick ? 2 : 5;
		for (int launch = 0; launch < launches; launch++) {
			try (Servers servers = Servers.start(factories(rivals), ServerOptions.defaults())) {
				for (Server server : servers.all()) {
					PoliteClients.run(server, (server instanceof JavaServer) ? warmUp : warmUp / 10, false);
					recorder.say(server.name() + " is warm");
				}
				for (int i = 0; i < rounds; i++) {
					round(servers, rivals, launch * rounds + i, recorder, quick ? 50 : 600);
				}
			}
		}
	}

	private void round(Servers servers, List<Rival> rivals, int round, Recorder recorder, int count)
			throws IOException {
		Map<String, Double> micros = new HashMap<>();
		for (Server server : servers.inOrderOf(round)) {
			CostMeter meter = CostMeter.begin(server);
			PoliteClients.run(server, count, false);
			micros.put(server.name(), meter.end(recorder, "full handshake", "connection", count, round));
		}
		for (Rival rival : rivals) {
			for (ServerFactory waiting : rival.waiting()) {
				recorder.add("full handshake", waiting.name(), "ratio to its own default", "", round,
						Objects.requireNonNull(micros.get(waiting.name()))
								/ Objects.requireNonNull(micros.get(rival.byDefault().name())));
			}
		}
	}

	private void silence(List<ServerFactory> factories, Recorder recorder, boolean quick) throws IOException {
		List<Integer> seconds = quick ? List.of(1, 2) : List.of(1, 4, 10, 35);
		ScheduledExecutorService executor = Executors.newScheduledThreadPool(4);
		List<SilenceWatch> watches = new ArrayList<>();
		try {
			// The later looks at a server are had while the next one has its peers
			for (ServerFactory factory : factories) {
				SilenceWatch watch = SilenceWatch.start(factory, quick ? 20 : 500);
				watches.add(watch);
				watch.watch(quick ? 50 : 2_000, quick ? 10 : 100, seconds, executor);
				recorder.say(factory.name() + " has its peers");
				Pause.millis(quick ? 0 : 3_000);
			}
			for (SilenceWatch watch : watches) {
				watch.record(recorder);
			}
		}
		finally {
			executor.shutdownNow();
			watches.forEach(SilenceWatch::close);
		}
	}

	private void delivery(List<ServerFactory> factories, Recorder recorder, boolean quick) throws IOException {
		int clients = quick ? 2 : 20;
		Uploaders uploaders = new Uploaders();
		try (Servers servers = Servers.start(factories, ServerOptions.defaults())) {
			for (int size : ANSWERS) {
				for (Server server : servers.all()) {
					if (!hasAnswer(server, size, uploaders)) {
						recorder.say(server.name() + " has no such answer: " + size);
						continue;
					}
					List<Boolean> answered = Attempts.run(2, clients, UPLOADS_LIMIT,
							() -> uploaders.upload(server, size, UPLOAD));
					recorder.add(size / 1000 + " KB", server.name(), "answers delivered whole", "%", 0,
							100.0 * answered.stream().filter(Boolean::booleanValue).count() / clients);
				}
			}
		}
	}

	/**
	 * Return whether a server is able to give an answer at all, to an upload which is
	 * only just too long. One that cannot read its file, say, must not look as if it lost
	 * answers.
	 * @param server the server
	 * @param size the size of the answer
	 * @param uploaders the clients
	 * @return whether the answer arrived once
	 * @throws IOException if this is interrupted
	 */
	private static boolean hasAnswer(Server server, int size, Uploaders uploaders) throws IOException {
		return Attempts.run(1, 5, UPLOADS_LIMIT, () -> uploaders.upload(server, size, SMALL_UPLOAD)).contains(true);
	}

}
