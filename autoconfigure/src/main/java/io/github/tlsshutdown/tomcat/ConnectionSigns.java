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
 * What a channel meets on its connection before it is closed.
 */
final class ConnectionSigns {

	private boolean established;

	private boolean endOfStream;

	private boolean wrapFailed;

	private boolean refused;

	private @Nullable IOException failure;

	/**
	 * Forget everything, for the next connection.
	 */
	void reset() {
		this.established = false;
		this.endOfStream = false;
		this.wrapFailed = false;
		this.refused = false;
		this.failure = null;
	}

	/**
	 * Note that the handshake is complete.
	 */
	void established() {
		this.established = true;
	}

	boolean isEstablished() {
		return this.established;
	}

	/**
	 * Note the peer's FIN.
	 */
	void endOfStream() {
		this.endOfStream = true;
	}

	/**
	 * Note that the engine did not encrypt.
	 */
	void wrapFailed() {
		this.wrapFailed = true;
	}

	/**
	 * Note what the engine gave. Tomcat sends the engine's fatal alert by a second call.
	 * There is none if all that the engine had to report was the peer's.
	 * @param produced number of bytes
	 */
	void wrapped(int produced) {
		this.refused |= this.wrapFailed && produced > 0;
	}

	/**
	 * Note a failure.
	 * @param ex the failure
	 * @param ours whether it was us who found it
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
	 * Return whether the connection has ended already, or cannot be used any more.
	 * @return whether a FIN or a failure was met
	 */
	boolean hasEnded() {
		return this.endOfStream || this.failure != null;
	}

	/**
	 * Return all of it.
	 * @param responseCut whether our own side cut a response off
	 * @param bodyUnread whether a request body was not read to its end
	 * @param unfinished whether a request or a response was not complete
	 * @param handshake what was met during the handshake
	 * @return what was met
	 */
	BeforeClose before(boolean responseCut, boolean bodyUnread, boolean unfinished, HandshakeSigns handshake) {
		return new BeforeClose(this.established, this.endOfStream, this.refused, this.failure, responseCut, bodyUnread,
				unfinished, this.established ? null : handshake);
	}

}
