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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads what a peer sends after our close_notify, looking for its own. Application data
 * is decrypted and thrown away.
 * <p>
 * One reader, with one pair of buffers, serves every connection of a reactor. It reads at
 * most once a call, so that a peer that never stops sending does not keep others waiting.
 */
final class PeerReader {

	/** How much is read at once. */
	static final int BUFFER_SIZE = 64 * 1024;

	/**
	 * How many bytes of records without application data one connection may send. Some
	 * are in order: a warning, a change of keys. But they cost a lot, as a single record
	 * may have thousands of keys derived, and {@code max-discard} does not see them.
	 */
	static final int MAX_OVERHEAD = 32 * 1024;

	private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_SIZE);

	private final ByteBuffer output = ByteBuffer.allocate(BUFFER_SIZE);

	/**
	 * Read once.
	 * @param socket where to read from
	 * @param engine decrypts what is read, or {@code null} if it cannot do that any more
	 * @param undecrypted what was left over last time, if anything
	 * @param overhead how many bytes of records without application data were read before
	 * @return what was found
	 * @throws SSLException if a record cannot be decrypted, or is a fatal alert, or if
	 * there are too many without application data
	 * @throws IOException if the socket cannot be read
	 */
	Result read(SocketChannel socket, @Nullable SSLEngine engine, byte @Nullable [] undecrypted, int overhead)
			throws IOException {
		ByteBuffer input = this.input.clear();
		if (undecrypted != null) {
			input.put(undecrypted);
		}
		int received = socket.read(input);
		input.flip();
		if (engine == null) {
			return new Result(signOf(received), received, input.remaining(), overhead, null);
		}
		long discarded = 0;
		int overheadNow = overhead;
		while (input.hasRemaining()) {
			this.output.clear();
			SSLEngineResult result = engine.unwrap(input, this.output);
			discarded += result.bytesProduced();
			// The status may be CLOSED because of our own alert
			if (engine.isInboundDone()) {
				return new Result(Sign.CLOSE_NOTIFY, received, discarded, overheadNow, null);
			}
			if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
				break;
			}
			if (result.bytesConsumed() == 0) {
				// A new handshake, which cannot be answered any more; without the answer
				// nothing that follows can be read
				throw new SSLException("No way to go on after our close_notify: " + result);
			}
			if (result.bytesProduced() == 0) {
				overheadNow += result.bytesConsumed();
				if (overheadNow > MAX_OVERHEAD) {
					throw new SSLException("Too many records without application data after our close_notify");
				}
			}
		}
		return new Result(signOf(received), received, discarded, overheadNow, remaining(input));
	}

	private static Sign signOf(int received) {
		return (received == -1) ? Sign.END_OF_STREAM : Sign.NONE;
	}

	private static byte @Nullable [] remaining(ByteBuffer input) {
		if (!input.hasRemaining()) {
			return null;
		}
		byte[] remaining = new byte[input.remaining()];
		input.get(remaining);
		return remaining;
	}

	/**
	 * What a peer has said about its end of the connection.
	 */
	enum Sign {

		/** Nothing yet. */
		NONE,

		/** Its close_notify. */
		CLOSE_NOTIFY,

		/** FIN, without a close_notify before it. */
		END_OF_STREAM

	}

	/**
	 * What one read has found.
	 *
	 * @param sign what the peer has said
	 * @param received bytes received; -1 at the end of the stream
	 * @param discarded bytes thrown away: of application data, or as they came if they
	 * cannot be decrypted
	 * @param overhead bytes of records without application data, this time and before
	 * @param undecrypted the beginning of a record that is not complete, if any
	 */
	record Result(Sign sign, int received, long discarded, int overhead, byte @Nullable [] undecrypted) {
	}

}
