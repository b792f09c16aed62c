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

import java.io.EOFException;
import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.HandshakeSigns;

/**
 * Records what happens on a channel's connection before it is closed.
 */
final class ConnectionSigns {

	private boolean established;

	private boolean endOfStream;

	private boolean wrapFailed;

	private boolean refused;

	private @Nullable IOException failure;

	/**
	 * Reset for the next connection.
	 */
	void reset() {
		this.established = false;
		this.endOfStream = false;
		this.wrapFailed = false;
		this.refused = false;
		this.failure = null;
	}

	/**
	 * Record that the handshake is complete.
	 */
	void established() {
		this.established = true;
	}

	boolean isEstablished() {
		return this.established;
	}

	/**
	 * Record the peer's FIN.
	 */
	void endOfStream() {
		this.endOfStream = true;
	}

	/**
	 * Record that the engine did not encrypt.
	 */
	void wrapFailed() {
		this.wrapFailed = true;
	}

	/**
	 * Record what the engine produced. Tomcat sends the engine's fatal alert by a second
	 * call. There is none if the engine only reported the peer's alert.
	 * @param produced number of bytes
	 */
	void wrapped(int produced) {
		this.refused |= this.wrapFailed && produced > 0;
	}

	/**
	 * Record a failure.
	 * @param ex the failure
	 * @param ours whether our side detected it
	 */
	synchronized void failed(IOException ex, boolean ours) {
		if (ex instanceof EOFException) {
			// The peer's FIN in the middle of a new handshake
			this.endOfStream = true;
			return;
		}
		this.refused |= ours;
		this.failure = BeforeClose.explanation(this.failure, ex);
	}

	/**
	 * Return whether the connection has already ended, or is unusable.
	 * @return whether a FIN or a failure was recorded
	 */
	boolean hasEnded() {
		return this.endOfStream || this.failure != null;
	}

	/**
	 * Return all facts.
	 * @param responseCut whether our own side cut a response off
	 * @param bodyUnread whether a request body was not read completely
	 * @param unfinished whether a request or a response was not complete
	 * @param handshake facts about the handshake
	 * @return the facts
	 */
	BeforeClose before(boolean responseCut, boolean bodyUnread, boolean unfinished, HandshakeSigns handshake) {
		return new BeforeClose(this.established, this.endOfStream, this.refused, this.failure, responseCut, bodyUnread,
				unfinished, this.established ? null : handshake);
	}

}
