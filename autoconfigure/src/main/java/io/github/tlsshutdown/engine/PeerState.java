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

/**
 * What is known of the peer since the server began to close the connection.
 */
final class PeerState {

	private boolean sending;

	private boolean closed;

	private boolean left;

	private boolean stopped;

	/** Whether it has ended the connection by a fatal alert. */
	private boolean failed;

	private boolean unrecognisable;

	/**
	 * Record what happened before the close.
	 * @param before what happened
	 * @param closed whether its close_notify was read
	 */
	void begin(BeforeClose before, boolean closed) {
		this.closed = closed;
		this.left = before.endOfStream();
		this.failed = before.tlsFailed() && !before.refused();
		this.sending |= before.bodyUnread();
	}

	/**
	 * Record the result of a read.
	 * @param received number of bytes read; -1 for its FIN
	 */
	void received(int received) {
		this.left |= received == -1;
		this.sending |= received > 0;
	}

	/**
	 * Record that it is our side that has detected the failure of TLS.
	 */
	void fatalAlertGiven() {
		this.failed = false;
	}

	/**
	 * Record that the peer sends, or may send, more than its close_notify.
	 */
	void sending() {
		this.sending = true;
	}

	/**
	 * Record its close_notify.
	 */
	void closed() {
		this.closed = true;
	}

	/**
	 * Record that nothing more arrives, though the peer may not have left.
	 */
	void stopped() {
		this.stopped = true;
	}

	/**
	 * Record that the engine can no longer recognize its close_notify. All that can be
	 * known of such a peer is that it leaves.
	 */
	void unrecognisable() {
		this.unrecognisable = !hasEnded();
	}

	boolean isSending() {
		return this.sending;
	}

	boolean hasClosed() {
		return this.closed;
	}

	/**
	 * Return whether the peer has ended the connection by a fatal alert. By RFC 8446
	 * section 6.2 it then neither sends nor reads any more.
	 * @return whether it has
	 */
	boolean hasFailed() {
		return this.failed;
	}

	boolean isRecognisable() {
		return !this.unrecognisable;
	}

	/**
	 * Return whether the peer has ended its side, by an alert or by its FIN.
	 * @return whether nothing more will come
	 */
	boolean hasEnded() {
		return this.closed || this.left || this.failed;
	}

	boolean hasLeftWithoutClosing() {
		return this.left && !this.closed && !this.unrecognisable;
	}

	/**
	 * Return whether it has left, or at least stopped sending.
	 * @return whether nothing more was coming from it
	 */
	boolean hasStopped() {
		return hasEnded() || this.stopped;
	}

}
