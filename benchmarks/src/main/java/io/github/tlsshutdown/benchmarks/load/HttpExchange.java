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

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * HTTP/1.1 as far as it is needed: answers have a length.
 */
public final class HttpExchange {

	/** A request after which the server closes. */
	public static final String LAST = "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

	/** A request after which the connection stays. */
	public static final String KEPT = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

	private static final String END_OF_HEAD = "\r\n\r\n";

	private HttpExchange() {
	}

	/**
	 * Read a whole answer.
	 * @param connection the connection
	 * @return its status
	 * @throws IOException if it does not come whole
	 */
	public static int readAnswer(TlsConnection connection) throws IOException {
		return read(connection).status();
	}

	/**
	 * Read a whole answer.
	 * @param connection the connection
	 * @return what there is to be said of it
	 * @throws IOException if it does not come whole
	 */
	static Answer read(TlsConnection connection) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf(END_OF_HEAD) == -1) {
			ByteBuffer data = some(connection);
			while (data.hasRemaining() && !endsWith(head, END_OF_HEAD)) {
				head.append((char) data.get());
			}
		}
		String text = head.toString().toLowerCase(Locale.ROOT);
		int length = text.indexOf("content-length:");
		if (length == -1) {
			throw new IOException("An answer without a length: " + head);
		}
		long size = Long.parseLong(text.substring(length + 15, text.indexOf('\r', length)).strip());
		long left = size;
		while (left > 0) {
			ByteBuffer data = some(connection);
			int taken = (int) Math.min(left, data.remaining());
			data.position(data.position() + taken);
			left -= taken;
		}
		return new Answer(Integer.parseInt(text.substring(9, 12)), size);
	}

	private static ByteBuffer some(TlsConnection connection) throws IOException {
		ByteBuffer data = connection.read();
		if (!data.hasRemaining()) {
			throw new EOFException("The connection ended within an answer");
		}
		return data;
	}

	private static boolean endsWith(StringBuilder text, String end) {
		return text.length() >= end.length() && text.indexOf(end, text.length() - end.length()) != -1;
	}

	/**
	 * An answer that came whole.
	 *
	 * @param status its status
	 * @param length the length of its body
	 */
	record Answer(int status, long length) {
	}

}
