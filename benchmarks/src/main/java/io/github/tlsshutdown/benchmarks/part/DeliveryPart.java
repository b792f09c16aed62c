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
import java.util.List;

import io.github.tlsshutdown.benchmarks.load.Uploaders;
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.process.Variant;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * How many clients get the whole of an answer that comes before they have sent theirs.
 */
public final class DeliveryPart implements Part {

	private static final List<Variant> VARIANTS = List.of(Variant.NONE, Variant.UNIDIRECTIONAL, Variant.BIDIRECTIONAL,
			Variant.QUIET);

	private static final int UPLOAD = 30_000_000;

	private static final int[] SIZES = { 10_000, 100_000, 400_000, 1_000_000 };

	private final Platform platform;

	/**
	 * Create this part for a server.
	 * @param platform the server
	 */
	public DeliveryPart(Platform platform) {
		this.platform = platform;
	}

	@Override
	public String name() {
		return this.platform.part("delivery");
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		int clients = quick ? 2 : 20;
		Uploaders uploaders = new Uploaders();
		try (Servers servers = Servers.start(variants(), ServerOptions.defaults())) {
			for (int size : SIZES) {
				for (Server server : servers.all()) {
					int answered = 0;
					for (int i = 0; i < clients; i++) {
						answered += uploaders.upload(server, size, UPLOAD) ? 1 : 0;
					}
					recorder.add(size / 1000 + " KB", server.name(), "answers delivered whole", "%", 0,
							100.0 * answered / clients);
				}
			}
		}
	}

	private List<Variant> variants() {
		return VARIANTS.stream().map((variant) -> variant.on(this.platform)).toList();
	}

}
