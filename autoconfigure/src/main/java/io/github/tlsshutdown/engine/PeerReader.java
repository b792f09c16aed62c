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
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads what a peer still sends, looking for its close_notify. Application data is
 * decrypted and thrown away.
 * <p>
 * One reader, with one pair of buffers, serves every connection of the one who waits. It
 * reads at most once a call, so that a peer that never stops sending does not keep others
 * waiting.
 */
public final class PeerReader {

	/** How much is read at once. */
	public static final int BUFFER_SIZE = 64 * 1024;

	/**
	 * How many bytes of records without application data one connection may send. Some
	 * are in order: a warning, a change of keys. But they cost a lot, as a single record
	 * may have thousands of keys derived, and {@code max-discard} does not see them.
	 */
	static final int MAX_OVERHEAD = 32 * 1024;

	private static final int HEADER = 5;

	/** Enough for an alert, and for what is small. */
	private static final int SMALL = 512;

	private final ByteBuffer input;

	private final boolean closed;

	private @Nullable ByteBuffer output;

	/** Whether the engine has more data than there was room for. */
	private boolean more;

	/**
	 * Create a reader with large buffers.
	 */
	public PeerReader() {
		this(ByteBuffer.allocateDirect(BUFFER_SIZE), ByteBuffer.allocate(BUFFER_SIZE), true);
	}

	/**
	 * Create a reader for a single look, which needs no room for data.
	 * @param input where to read into
	 */
	PeerReader(ByteBuffer input) {
		this(input, null, true);
	}

	private PeerReader(ByteBuffer input, @Nullable ByteBuffer output, boolean closed) {
		this.input = input;
		this.output = output;
		this.closed = closed;
	}

	/**
	 * Create a reader of what came before our close_notify. A new handshake, which could
	 * still have been answered, is no failure.
	 * @param engine the engine, which is not closed yet
	 * @return the reader
	 */
	static PeerReader beforeClose(SSLEngine engine) {
		return new PeerReader(ByteBuffer.allocate(engine.getSession().getPacketBufferSize()),
				ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()), false);
	}

	/**
	 * Read once.
	 * @param transport where to read from
	 * @param engine decrypts what is read, or {@code null} if it cannot do that any more
	 * @param peer what is remembered of the connection
	 * @return number of bytes received; -1 at the end of the stream
	 * @throws SSLException if a record cannot be decrypted, or is a fatal alert, or if
	 * there are too many without application data
	 * @throws IOException if the connection is broken
	 */
	int read(Transport transport, @Nullable SSLEngine engine, PeerInput peer) throws IOException {
		ByteBuffer input = peer.moveTo(this.input.clear());
		int received = 0;
		try {
			received = transport.read(input);
		}
		finally {
			// What was read before may have been too much to be decrypted at once
			if (engine != null) {
				decrypt(engine, input, peer);
			}
		}
		if (engine == null) {
			peer.discard(Math.max(received, 0));
		}
		return received;
	}

	/**
	 * Decrypt what is in a buffer. What makes no whole record is kept.
	 * @param engine decrypts
	 * @param input the buffer, ready to be added to
	 * @param peer what is remembered of the connection
	 * @throws SSLException if a record cannot be decrypted, or is a fatal alert, or if
	 * there are too many without application data
	 */
	void decrypt(SSLEngine engine, ByteBuffer input, PeerInput peer) throws SSLException {
		input.flip();
		this.more = false;
		while ((input.hasRemaining() || this.more) && unwrap(engine, input, peer)) {
			if (engine.isInboundDone()) {
				// The status may be CLOSED because of our own alert
				peer.closeNotifyReceived();
				return;
			}
		}
		peer.keep(input);
	}

	private boolean unwrap(SSLEngine engine, ByteBuffer input, PeerInput peer) throws SSLException {
		int length = recordLength(input);
		ByteBuffer output = output();
		SSLEngineResult result = engine.unwrap(input, output.clear());
		peer.discard(result.bytesProduced());
		// An engine over OpenSSL that still has data of a record when it is closed calls
		// both directions done
		this.more = result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW && result.bytesProduced() > 0;
		if (engine.isInboundDone()) {
			return true;
		}
		if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
			peer.answerDue();
		}
		if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW
				|| (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW && output.capacity() == SMALL)) {
			return false;
		}
		if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
			if (input.remaining() < length || !this.closed) {
				// Engines over OpenSSL say CLOSED instead of BUFFER_UNDERFLOW once our
				// alert is out
				return false;
			}
			// A new handshake, which cannot be answered any more; without the answer
			// nothing that follows can be read
			throw new SSLException("No way to go on after our close_notify: " + result);
		}
		// Engines over OpenSSL also take parts of records, and several at once
		if (result.bytesProduced() == 0 && result.bytesConsumed() == length
				&& peer.addOverhead(length) > MAX_OVERHEAD) {
			throw new SSLException("Too many records without application data after our close_notify");
		}
		return true;
	}

	private ByteBuffer output() {
		ByteBuffer output = this.output;
		if (output == null) {
			output = ByteBuffer.allocate(SMALL);
			this.output = output;
		}
		return output;
	}

	private static int recordLength(ByteBuffer input) {
		return (input.remaining() < HEADER) ? HEADER : HEADER + (input.getShort(input.position() + 3) & 0xffff);
	}

}
