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
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Clients that ask once, and answer the server's close_notify.
 */
public final class PoliteClients {

	private PoliteClients() {
	}

	/**
	 * Make connections, one after the other on each of two threads.
	 * @param server the server
	 * @param count number of connections
	 * @param resume whether all but the first of a thread resume a session
	 * @return how many sessions were resumed
	 * @throws IOException if one fails
	 */
	public static int run(Server server, int count, boolean resume) throws IOException {
		return OneRequest.run(server, count, resume, PoliteClients::end);
	}

	/**
	 * Make one connection.
	 * @param address the server's address
	 * @param session the session to resume, or {@code null}
	 * @return whether a session was resumed
	 * @throws IOException if it fails
	 */
	public static boolean connect(InetSocketAddress address, @Nullable String session) throws IOException {
		return OneRequest.connect(address, session, PoliteClients::end);
	}

	private static void end(TlsConnection connection) {
		try {
			ByteBuffer data = connection.read();
			while (data.hasRemaining()) {
				data.position(data.limit());
				data = connection.read();
			}
			if (connection.isCloseNotifyReceived()) {
				connection.closeNotify();
			}
		}
		catch (IOException ex) {
			// A server that does not wait for the answer may have gone before it comes
		}
	}

}
