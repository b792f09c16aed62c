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

package io.github.tlsshutdown.benchmarks.load;

import java.io.IOException;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Clients that ask once, and leave as soon as they have the answer: as wrk does, they
 * send close_notify and close the socket without reading the server's.
 */
public final class AbruptClients {

	private AbruptClients() {
	}

	/**
	 * Make connections with full handshakes, one after the other on each of two threads.
	 * @param server the server
	 * @param count number of connections
	 * @throws IOException if one fails
	 */
	public static void run(Server server, int count) throws IOException {
		OneRequest.run(server, count, false, AbruptClients::leave);
	}

	private static void leave(TlsConnection connection) {
		try {
			connection.closeNotify();
		}
		catch (IOException ex) {
			// The server may have gone first
		}
	}

}
