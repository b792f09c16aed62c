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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Records facts about a handshake that explain why it was not completed: how the peer
 * began, and how the server answered. Belongs to one connection; used by one thread at a
 * time.
 */
public final class HandshakeSigns {

	private static final int HEADER = 5;

	private static final byte ALERT = 21;

	private static final byte HANDSHAKE = 22;

	private static final int ALERT_LENGTH = 2;

	private static final byte FATAL = 2;

	private static final int LONGEST_METHOD = 8;

	private Beginning beginning = Beginning.NOTHING;

	private boolean answered;

	private @Nullable Integer refusal;

	private boolean timedOut;

	/**
	 * Record how the peer begins. Has no effect once that is known.
	 * @param bytes what it sent, from its first byte on
	 * @param start where that begins
	 * @param end where it ends
	 */
	public void begun(ByteBuffer bytes, int start, int end) {
		if (end > start && (this.beginning == Beginning.NOTHING || this.beginning == Beginning.OTHER)) {
			this.beginning = Beginning.of(bytes, start, end);
		}
	}

	/**
	 * Return whether the peer has sent anything.
	 * @return whether it has begun
	 */
	public boolean hasBegun() {
		return this.beginning != Beginning.NOTHING;
	}

	/**
	 * Record what is sent to the peer. A fatal alert before anything else is not
	 * encrypted: it shows why the peer's first message was rejected.
	 * @param records the records
	 * @param start where they begin
	 * @param end where they end
	 */
	public void sent(ByteBuffer records, int start, int end) {
		if (end - start < HEADER + ALERT_LENGTH || this.answered || this.refusal != null) {
			return;
		}
		if (records.get(start) != ALERT) {
			this.answered = true;
		}
		else if (records.get(start + HEADER) == FATAL) {
			this.refusal = records.get(start + HEADER + 1) & 0xff;
		}
	}

	/**
	 * Record that the server ends the connection because it took too long.
	 */
	public void timedOut() {
		this.timedOut = true;
	}

	Beginning beginning() {
		return this.beginning;
	}

	/**
	 * Return how the peer's first message was rejected.
	 * @return the description of the alert, or {@code null} if no alert was sent in
	 * answer
	 */
	@Nullable Integer refusal() {
		return this.refusal;
	}

	boolean isTimedOut() {
		return this.timedOut;
	}

	/**
	 * The kind of the peer's first bytes.
	 */
	enum Beginning {

		/** No bytes. */
		NOTHING,

		/** A TLS record. */
		TLS,

		/** An HTTP request, of any version. */
		HTTP,

		/** Something else, or not enough bytes. */
		OTHER;

		private static Beginning of(ByteBuffer bytes, int start, int end) {
			byte first = bytes.get(start);
			if (first == HANDSHAKE || first == ALERT) {
				return TLS;
			}
			byte[] word = new byte[Math.min(end - start, LONGEST_METHOD)];
			bytes.get(start, word);
			String text = new String(word, StandardCharsets.US_ASCII);
			return Stream
				.of("GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PRI ")
				.anyMatch(text::startsWith) ? HTTP : OTHER;
		}

	}

}
