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
 * decrypted and discarded.
 * <p>
 * One reader, with one pair of buffers, serves all connections of the waiting thread. It
 * reads at most once per call, so that a peer that never stops sending does not keep
 * others waiting.
 */
public final class PeerReader {

	/** How much is read at once. */
	public static final int BUFFER_SIZE = 64 * 1024;

	/**
	 * How many bytes of records without application data one connection can send. Some
	 * are legitimate: a warning, a key update. But they are expensive, as a single record
	 * can derive thousands of keys, and {@code max-discard} does not count them.
	 */
	static final int MAX_OVERHEAD = 32 * 1024;

	private static final int HEADER = 5;

	/** Enough for an alert and other small records. */
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
	 * Create a reader for a single check, which needs no room for data.
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
	 * Create a reader for data received before our close_notify. A new handshake, which
	 * could still have been answered, is not a failure.
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
	 * @param engine decrypts what is read, or {@code null} if it can no longer do that
	 * @param peer the state of the connection's input
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
			// Earlier data may have been too much to be decrypted at once
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
	 * Decrypt the content of a buffer. An incomplete record is kept.
	 * @param engine decrypts
	 * @param input the buffer, ready to be added to
	 * @param peer the state of the connection's input
	 * @throws SSLException if a record cannot be decrypted, or is a fatal alert, or if
	 * there are too many without application data
	 */
	void decrypt(SSLEngine engine, ByteBuffer input, PeerInput peer) throws SSLException {
		input.flip();
		// An OpenSSL engine may hold data of a record that nobody has taken yet
		this.more = !this.closed;
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
		// An OpenSSL engine that still has data of a record when it is closed reports
		// both directions as closed
		this.more = result.bytesProduced() > 0
				&& (!this.closed || result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW);
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
				// OpenSSL engines return CLOSED instead of BUFFER_UNDERFLOW once our
				// alert is sent
				return false;
			}
			// A new handshake, which can no longer be answered; without an answer,
			// nothing after it can be read
			throw new SSLException("Cannot continue after our close_notify: " + result);
		}
		// OpenSSL engines also accept parts of records, and several at once
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
