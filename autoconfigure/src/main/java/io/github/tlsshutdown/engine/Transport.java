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

package io.github.tlsshutdown.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * The TCP connection below TLS, on the server's own I/O. Never blocks. Used by one thread
 * at a time: first the closing thread, then the waiting one.
 * <p>
 * Writes may be asynchronous: {@link #isFlushed()} defines what counts as written. Reads
 * may be pushed: {@link #read} returns what has been pushed so far.
 */
public interface Transport {

	/**
	 * Return the address of the peer.
	 * @return the address, or {@code null} where there is none
	 */
	@Nullable InetSocketAddress remoteAddress();

	/**
	 * Write all of some bytes, after those that were written before. Data that TCP does
	 * not accept at once is kept (WANT_WRITE).
	 * @param data the bytes; free for other use afterwards
	 * @throws IOException if the connection is broken
	 */
	void write(ByteBuffer data) throws IOException;

	/**
	 * Try again to write kept data.
	 * @return whether TCP has accepted anything since the last call
	 * @throws IOException if the connection is broken
	 */
	boolean flush() throws IOException;

	/**
	 * Return whether TCP has accepted everything.
	 * @return whether no data is kept
	 */
	boolean isFlushed();

	/**
	 * Read available data.
	 * @param target where to put it
	 * @return the number of bytes, 0 if there is nothing, -1 at the end of the stream
	 * @throws IOException if the connection is broken
	 */
	int read(ByteBuffer target) throws IOException;

	/**
	 * Half-close: send FIN. Kept data is lost.
	 * @throws IOException if the connection is broken
	 */
	void shutdownOutput() throws IOException;

	/**
	 * Close the connection. Kept data is lost.
	 * @throws IOException if that fails
	 */
	void close() throws IOException;

	/**
	 * Release an engine that is no longer used, so that native memory is freed.
	 * @param engine the engine
	 * @throws SSLException if the engine fails
	 */
	void release(SSLEngine engine) throws SSLException;

	/**
	 * Wait, without holding a thread, until the connection can be written to or read
	 * from, as {@link ConnectionShutdown#isWriting()} and
	 * {@link ConnectionShutdown#isReading()} say, and then call
	 * {@link ConnectionShutdown#advance}; or until its
	 * {@link ConnectionShutdown#nanosLeft time} has run out, and then call
	 * {@link ConnectionShutdown#timeOut}; until it has
	 * {@link ConnectionShutdown#isEnded() ended}.
	 * @param shutdown the shutdown, not to be touched by the caller if admitted
	 * @return the decision
	 */
	Admission await(ConnectionShutdown shutdown);

}
