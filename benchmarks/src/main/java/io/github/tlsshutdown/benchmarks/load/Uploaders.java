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
import java.nio.ByteBuffer;

import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * Clients that upload, and read the answer only when they have sent everything, or when
 * nothing more can be sent.
 */
public final class Uploaders {

	private static final ByteBuffer CHUNK = ByteBuffer.allocateDirect(16 * 1024);

	private final TlsClients clients = TlsClients.create();

	/**
	 * Upload once.
	 * @param server the server
	 * @param answer the size of the answer, which refuses the upload
	 * @param size the size of the upload
	 * @return whether the whole answer arrived
	 * @throws IOException if there is no connection
	 */
	public boolean upload(Server server, int answer, int size) throws IOException {
		try (TlsConnection connection = this.clients.connect(server.address())) {
			connection.write(
					"POST /reject/" + answer + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + size + "\r\n\r\n");
			send(connection, size);
			return isAnswered(connection, answer);
		}
	}

	private static void send(TlsConnection connection, int size) {
		try {
			ByteBuffer chunk = CHUNK.duplicate();
			for (int left = size; left > 0; left -= chunk.capacity()) {
				connection.write(chunk.clear().limit(Math.min(left, chunk.capacity())));
			}
		}
		catch (IOException ex) {
			// Refused: there may be an answer all the same
		}
	}

	private static boolean isAnswered(TlsConnection connection, int length) {
		try {
			HttpExchange.Answer answer = HttpExchange.read(connection);
			return answer.status() == 413 && answer.length() == length;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
