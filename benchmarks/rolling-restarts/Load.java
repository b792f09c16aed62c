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

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Users that send requests at a steady rate, two of them through each pool. With more
 * than one URL, a user takes the next one for each request, and also if it refuses the
 * connection.
 */
final class Load implements AutoCloseable {

	/** How long users think between two requests on average, for each pool of a client. */
	private static final int[] THINK_MILLIS = { 200, 600, 2000 };

	private static final int USERS = 2;

	private final Path directory;

	private final List<String> urls;

	private final Map<String, Count> counts = new LinkedHashMap<>();

	private final Map<String, Process> programs = new LinkedHashMap<>();

	private final List<Thread> users = new ArrayList<>();

	private volatile boolean over;

	Load(Path directory, List<String> urls) {
		this.directory = directory;
		this.urls = urls.stream().map((url) -> url + "/hello").toList();
	}

	void start(Trust trust) throws IOException {
		Clients.all(trust).forEach((name, client) -> {
			Count count = new Count(name);
			this.counts.put(name, count);
			for (int think : THINK_MILLIS) {
				Clients.Client pool = client.get();
				for (int i = 0; i < USERS; i++) {
					this.users.add(new Thread(() -> use(pool, think, count), name));
				}
			}
		});
		start("Node.js https.Agent", "node", "client.mjs");
		Path go = this.directory.resolve("client-go");
		if (Files.exists(go)) {
			for (String version : List.of("HTTP/1.1", "HTTP/2")) {
				for (String method : List.of("GET", "POST")) {
					start("Go net/http, " + version + ", " + method, go.toString(), version, method);
				}
			}
		}
		start("curl", "bash", "curl.sh");
		this.users.forEach(Thread::start);
	}

	private void start(String name, String... command) throws IOException {
		List<String> complete = new ArrayList<>(List.of(command));
		complete.addAll(this.urls);
		this.programs.put(name,
				new ProcessBuilder(complete).redirectError(ProcessBuilder.Redirect.INHERIT)
					.redirectOutput(output(name).toFile())
					.start());
	}

	private Path output(String name) {
		return this.directory.resolve(name.replace('/', '-') + "-" + this.urls.size() + ".txt");
	}

	private void use(Clients.Client client, int think, Count count) {
		int turn = ThreadLocalRandom.current().nextInt(2);
		try {
			while (!this.over) {
				Thread.sleep(ThreadLocalRandom.current().nextInt(think / 5, think * 9 / 5));
				turn = send(client, turn, count);
			}
		}
		catch (InterruptedException ex) {
			// No more requests
		}
	}

	private int send(Clients.Client client, int turn, Count count) throws InterruptedException {
		int next = turn;
		for (int i = 1; true; i++) {
			try {
				client.send(this.urls.get(next++ % this.urls.size()));
				count.succeeded();
				return next;
			}
			catch (ConnectException ex) {
				if (i == this.urls.size()) {
					count.failed(Count.cause(ex));
					return next;
				}
			}
			catch (IOException | RuntimeException ex) {
				count.failed(Count.cause(ex));
				return next;
			}
		}
	}

	/**
	 * Return the counts, by client. Complete once the load has ended.
	 */
	Map<String, Count> counts() {
		return this.counts;
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.over = true;
		for (Process program : this.programs.values()) {
			program.descendants().forEach(ProcessHandle::destroy);
			program.destroyForcibly().waitFor();
		}
		for (Thread user : this.users) {
			user.join();
		}
		for (String name : this.programs.keySet()) {
			Count count = new Count(name);
			this.counts.put(name, count);
			Files.readAllLines(output(name)).forEach(count::add);
		}
	}

}
