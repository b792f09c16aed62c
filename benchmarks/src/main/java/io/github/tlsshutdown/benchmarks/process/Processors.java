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

/**
 * The processors that a server and its clients run on. Clients that change processors
 * while a server is measured change what its caches hold, and so what it costs.
 */
public final class Processors {

	private static final int LAST = Runtime.getRuntime().availableProcessors() - 1;

	private static final long CLIENTS = ProcessHandle.current().pid();

	private Processors() {
	}

	/**
	 * Give a server the first processor, and its clients, which are threads of this
	 * process or started by it, the others. Does nothing if there is only one.
	 * @param server the server
	 * @throws IOException if that fails
	 */
	public static void separate(Server server) throws IOException {
		if (LAST > 0) {
			for (long pid : server.pids()) {
				set(pid, "0");
			}
			set(CLIENTS, "1-" + LAST);
		}
	}

	/**
	 * Let clients run anywhere again.
	 * @throws IOException if that fails
	 */
	public static void share() throws IOException {
		set(CLIENTS, "0-" + LAST);
	}

	private static void set(long pid, String processors) throws IOException {
		Commands.run("taskset", "-a", "-p", "-c", processors, Long.toString(pid));
	}

}
