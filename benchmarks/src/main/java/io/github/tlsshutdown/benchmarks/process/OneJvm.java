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

package io.github.tlsshutdown.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.github.tlsshutdown.benchmarks.application.SideBySide;

/**
 * The application once for each variant, in one JVM.
 */
public final class OneJvm {

	private OneJvm() {
	}

	/**
	 * Start the applications and wait until they are ready.
	 * @param platform the server of all
	 * @param variants what there is an application for
	 * @param options what the part of the benchmarks asks for
	 * @return the servers, by the names of their variants; closing one closes all
	 * @throws IOException if they do not start
	 */
	public static List<Server> start(Platform platform, List<Variant> variants, ServerOptions options)
			throws IOException {
		List<Integer> ports = new ArrayList<>();
		List<String> arguments = new ArrayList<>();
		arguments.add("--" + SideBySide.APPLICATION + "=" + platform.application());
		for (Variant variant : variants) {
			int port = FreePort.find();
			ports.add(port);
			arguments.add("--" + SideBySide.VARIANT + "=--server.port=" + port + " --tls.shutdown.enabled="
					+ variant.starter() + " " + String.join(" ", variant.arguments()));
		}
		JavaServer jvm = new Variant("one JVM", platform, true, arguments).program(SideBySide.class.getName())
			.start(options);
		List<Server> servers = new ArrayList<>();
		for (int i = 0; i < ports.size(); i++) {
			servers.add(jvm.neighbour(variants.get(i).name(), ports.get(i)));
		}
		return servers;
	}

}
