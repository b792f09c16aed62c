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
import java.nio.file.Path;
import java.util.Map;

/**
 * Two instances are restarted one after the other, each with a slow request in flight,
 * while clients with pools send requests at a steady rate: through HAProxy in TCP mode,
 * and at the same time without a balancer. Counts the requests that fail as an
 * application sees them, for each server, with the starter and without.
 * <p>
 * {@code java RollingRestarts DIRECTORY RESTARTS [SERVER=CLASS_PATH]...}
 */
public final class RollingRestarts {

	private final Path directory;

	private final int restarts;

	private final Trust trust;

	private final Report report = new Report();

	private RollingRestarts(Path directory, int restarts) throws Exception {
		this.directory = directory;
		this.restarts = restarts;
		this.trust = Trust.create(directory);
	}

	public static void main(String[] arguments) throws Exception {
		RollingRestarts demonstration = new RollingRestarts(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
		for (int i = 2; i < arguments.length; i++) {
			String server = arguments[i].substring(0, arguments[i].indexOf('='));
			String classPath = arguments[i].substring(server.length() + 1);
			demonstration.play(server, classPath, false);
			demonstration.play(server, classPath, true);
		}
		demonstration.report.print();
		// Not all clients let the process end by itself
		System.exit(0);
	}

	private void play(String server, String classPath, boolean starter) throws Exception {
		System.err.println(server + (starter ? " with the starter" : " without the starter"));
		Count slow = new Count("slow request in flight");
		try (Instances instances = new Instances(this.directory, server, classPath, starter, this.trust)) {
			instances.start();
			Load balanced = new Load(this.directory, instances.balancedUrls());
			Load direct = new Load(this.directory, instances.urls());
			try (balanced; direct) {
				balanced.start(this.trust);
				direct.start(this.trust);
				Thread.sleep(5000);
				for (int i = 0; i < this.restarts; i++) {
					restart(instances, i % 2, slow);
				}
			}
			this.report.add("Behind HAProxy", server, starter, balanced.counts());
			this.report.add("Without a balancer", server, starter, direct.counts());
			this.report.add("Without a balancer", server, starter, Map.of("slow request in flight", slow));
		}
	}

	private void restart(Instances instances, int index, Count slow) throws IOException, InterruptedException {
		Thread inFlight = new Thread(() -> {
			try {
				Clients.sendOnce(this.trust, instances.urls().get(index) + "/slow");
				slow.succeeded();
			}
			catch (IOException | InterruptedException ex) {
				slow.failed(Count.cause(ex));
			}
		});
		inFlight.start();
		Thread.sleep(500);
		instances.stop(index);
		inFlight.join();
		instances.startAgain(index);
		Thread.sleep(700);
	}

}
