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

import java.io.File;
import java.io.IOException;
import java.util.List;

import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.Layout;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.process.Variant;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What the starter adds to the start of an application, and to its size.
 */
public final class StartUpPart implements Part {

	private static final List<Variant> VARIANTS = List.of(Variant.NONE, Variant.CONTROL, Variant.UNIDIRECTIONAL);

	@Override
	public String name() {
		return "start-up";
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		int rounds = quick ? 2 : 10;
		for (int round = -1; round < rounds; round++) {
			for (int i = 0; i < VARIANTS.size(); i++) {
				Variant variant = VARIANTS.get((i + round + 1) % VARIANTS.size());
				start("with TLS", variant, ServerOptions.defaults(), round, recorder);
				start("without TLS", variant, ServerOptions.defaults().withApplication("--server.ssl.enabled=false"),
						round, recorder);
			}
		}
		File[] jars = Layout.STARTER_LIBRARIES.toFile().listFiles();
		for (File jar : (jars != null) ? jars : new File[0]) {
			String name = jar.getName().replaceAll("-[0-9].*", "");
			recorder.add("size", name, "jar", "KiB", 0, jar.length() / 1024.0);
		}
	}

	private void start(String scenario, Variant variant, ServerOptions options, int round, Recorder recorder)
			throws IOException {
		try (JavaServer server = variant.start(options)) {
			// The first start of all fills the page cache
			if (round >= 0) {
				String name = variant.starter() ? "starter" : variant.name();
				recorder.add(scenario, name, "start-up", "ms", round, server.startedMillis());
				recorder.add(scenario, name, "CPU of the main thread", "ms", round, server.readyCpuMillis());
				recorder.add(scenario, name, "age of the JVM when ready", "ms", round, server.readyMillis());
				recorder.add(scenario, name, "classes when ready", "classes", round, server.readyClasses());
				recorder.add(scenario, name, "heap when ready", "KiB", round, server.ask("/heap") / 1024.0);
			}
		}
	}

}
