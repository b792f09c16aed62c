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

/**
 * One application with a connector for each variant.
 */
public final class Connectors {

	private Connectors() {
	}

	/**
	 * Start the application and wait until it is ready.
	 * @param variants what there is a connector for
	 * @param options what the part of the benchmarks asks for
	 * @return the connectors, by the names of their variants; closing one closes all
	 * @throws IOException if it does not start
	 */
	public static List<Server> start(List<Variant> variants, ServerOptions options) throws IOException {
		List<Integer> ports = new ArrayList<>();
		List<String> arguments = new ArrayList<>();
		for (Variant variant : variants) {
			int port = FreePort.find();
			ports.add(port);
			arguments.add("--benchmark.port." + variant.name().replace(' ', '-') + "=" + port);
		}
		JavaServer server = new Variant("connectors", Platform.TOMCAT, true, arguments).start(options);
		List<Server> connectors = new ArrayList<>();
		for (int i = 0; i < ports.size(); i++) {
			connectors.add(server.connector(variants.get(i).name(), ports.get(i)));
		}
		return connectors;
	}

}
