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
import javax.net.ssl.SSLException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The first steps of the closing thread: it decrypts what was read, so that the peer's
 * alert is not missed, and writes the {@link Farewell}.
 */
final class FirstSteps {

	private static final Log logger = LogFactory.getLog(FirstSteps.class);

	private final Transport transport;

	private final ShutdownState state;

	private final PeerInput input;

	private final long maxDiscard;

	private @Nullable ByteBuffer answer;

	FirstSteps(Transport transport, ShutdownState state, PeerInput input, long maxDiscard) {
		this.transport = transport;
		this.state = state;
		this.input = input;
		this.maxDiscard = maxDiscard;
	}

	/**
	 * Decrypt what was read before deciding anything: it may contain the peer's alert. If
	 * the connection has failed, so may the kernel's buffer: a peer that sends
	 * close_notify and leaves makes the next write fail.
	 * @param engine the engine
	 * @param before what happened before the close
	 * @param unread bytes read from the peer but not decrypted, ready to be added to
	 * @return the facts, with what was found
	 */
	BeforeClose hear(SSLEngine engine, BeforeClose before, ByteBuffer unread) {
		if (before.tlsFailed() || engine.isInboundDone()) {
			return before;
		}
		try {
			// An OpenSSL engine may hold part of a body. Closed like that, it could not
			// read the alert that follows
			if (unread.position() > 0 || before.bodyUnread()) {
				PeerReader.beforeClose(engine).decrypt(engine, unread, this.input);
				answer(engine);
				if (!engine.isInboundDone() && !before.endOfStream()) {
					this.state.unreadData();
				}
			}
			boolean doubtful = before.failure() != null && !before.endOfStream() && !engine.isInboundDone();
			return (doubtful && isAlive(engine)) ? before.withoutFailure() : before;
		}
		catch (SSLException ex) {
			return before.withTlsFailure(ex);
		}
	}

	private boolean isAlive(SSLEngine engine) throws SSLException {
		try {
			return readRest(engine) >= 0;
		}
		catch (SSLException ex) {
			throw ex;
		}
		catch (IOException ex) {
			logger.trace("Nothing more to read", ex);
			return false;
		}
	}

	/**
	 * Read what is left in the kernel's buffer of a connection that can no longer be
	 * written to.
	 * @param engine the engine, or {@code null} if it can no longer decrypt
	 * @return whether TLS failed
	 */
	boolean hasRestFailed(@Nullable SSLEngine engine) {
		try {
			if (engine != null && !engine.isInboundDone()) {
				readRest(engine);
			}
		}
		catch (SSLException ex) {
			return true;
		}
		catch (IOException ex) {
			logger.trace("Nothing more to read", ex);
		}
		return false;
	}

	/**
	 * Read what is left in the kernel's buffer of a connection that has failed, not
	 * necessarily because of the peer.
	 * @param engine the engine
	 * @return the result of the last read; not negative if the connection is alive
	 * @throws SSLException if a record cannot be decrypted, or is a fatal alert
	 * @throws IOException if nothing more can be read
	 */
	private int readRest(SSLEngine engine) throws IOException {
		PeerReader reader = PeerReader.beforeClose(engine);
		boolean sending = false;
		int received;
		do {
			received = reader.read(this.transport, engine, this.input);
			sending |= received > 0;
		}
		while (received > 0 && !engine.isInboundDone() && this.input.discarded() <= this.maxDiscard);
		answer(engine);
		if (sending) {
			this.state.unreadData();
		}
		return received;
	}

	// The peer's close_notify is answered as the policy says
	private void answer(SSLEngine engine) throws SSLException {
		if (this.input.isAnswerDue() && this.answer == null && !engine.isInboundDone() && !engine.isOutboundDone()) {
			this.answer = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
			Alerts.wrapAnswer(engine, this.answer);
		}
	}

	private boolean writeAnswer() throws IOException {
		ByteBuffer answer = this.answer;
		if (answer == null || !answer.hasRemaining()) {
			return false;
		}
		this.transport.write(answer);
		return true;
	}

	/**
	 * Write the farewell.
	 * @param engine the engine, or {@code null} if there was none yet
	 * @param unsent encrypted bytes that were not written yet, ready to be read; reused
	 * for the alert
	 * @param handshake records the alert that ends a handshake, if there is one
	 * @throws IOException if the connection is broken, or the engine fails
	 */
	void sayFarewell(@Nullable SSLEngine engine, ByteBuffer unsent, @Nullable HandshakeSigns handshake)
			throws IOException {
		switch (this.state.farewell()) {
			case NOTHING -> {
			}
			case DATA_ONLY -> {
				if (engine != null && engine.isOutboundDone()) {
					// With TLS 1.2 the engine has already answered close_notify: that
					// answer is what is left
					unsent.limit(unsent.position());
				}
				this.transport.write(unsent);
			}
			case FATAL_ALERT -> {
				this.transport.write(unsent);
				if (writeAnswer()) {
					this.state.fatalAlertGiven();
				}
				if (engine != null && Alerts.wrapFatal(engine, unsent)) {
					this.state.fatalAlertGiven();
					if (handshake != null) {
						handshake.sent(unsent, unsent.position(), unsent.limit());
					}
					this.transport.write(unsent);
				}
			}
			case CLOSE_NOTIFY -> {
				this.transport.write(unsent);
				writeAnswer();
				if (engine != null) {
					wrapCloseNotify(engine, unsent);
					this.transport.write(unsent);
				}
			}
		}
		this.state.flushed(this.transport.isFlushed());
	}

	private void wrapCloseNotify(SSLEngine engine, ByteBuffer target) throws SSLException {
		// Checked before our own alert is sent: after that, some engines report both
		// directions as closed
		boolean heard = engine.isInboundDone();
		Alerts.wrapCloseNotify(engine, target);
		if (!heard && engine.isInboundDone()) {
			this.state.deaf();
		}
	}

}
