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

import org.jspecify.annotations.Nullable;

/**
 * The state of one connection's input between two reads.
 */
final class PeerInput {

	private byte @Nullable [] undecrypted;

	private int overhead;

	private long discarded;

	private boolean answerDue;

	private boolean closeNotifyReceived;

	/**
	 * Move data that was read but not decrypted to a buffer.
	 * @param target an empty buffer
	 * @return the buffer, ready to be added to, or another one if it is too small
	 */
	ByteBuffer moveTo(ByteBuffer target) {
		byte[] undecrypted = this.undecrypted;
		if (undecrypted == null) {
			return target;
		}
		this.undecrypted = null;
		if (undecrypted.length > target.remaining()) {
			return ByteBuffer.wrap(undecrypted).position(undecrypted.length);
		}
		return target.put(undecrypted);
	}

	/**
	 * Keep what is left in a buffer: part of a record, or more.
	 * @param source the buffer
	 */
	void keep(ByteBuffer source) {
		if (source.hasRemaining()) {
			this.undecrypted = new byte[source.remaining()];
			source.get(this.undecrypted);
		}
	}

	/**
	 * Drop data that was read but not decrypted.
	 */
	void clear() {
		this.undecrypted = null;
	}

	void discard(long bytes) {
		this.discarded += bytes;
	}

	/**
	 * Return how much was discarded: application data, or encrypted bytes if they cannot
	 * be decrypted.
	 * @return the number of bytes
	 */
	long discarded() {
		return this.discarded;
	}

	/**
	 * Count bytes of records without application data.
	 * @param bytes their number
	 * @return the total
	 */
	int addOverhead(int bytes) {
		this.overhead += bytes;
		return this.overhead;
	}

	/**
	 * Note that the engine wants to answer what was read.
	 */
	void answerDue() {
		this.answerDue = true;
	}

	/**
	 * Return whether the engine wants to answer what was read: by new keys of its own, or
	 * by its fatal alert.
	 * @return whether it does
	 */
	boolean isAnswerDue() {
		return this.answerDue;
	}

	void closeNotifyReceived() {
		this.closeNotifyReceived = true;
	}

	boolean isCloseNotifyReceived() {
		return this.closeNotifyReceived;
	}

}
