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

package io.github.tlsshutdown.jetty;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The state of a connection's HTTP/2 streams. Safe for use by several threads.
 */
final class Streams {

	/**
	 * How long after a response a client may still send WINDOW_UPDATE for it. If the
	 * socket were closed, the connection would be reset and the client lose the rest.
	 */
	private static final long REPLY_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** What a client reads at once without a WINDOW_UPDATE: a TLS record. */
	private static final int READ_AT_ONCE = 16_384;

	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger incomplete = new AtomicInteger();

	private volatile boolean bodyUnread;

	private volatile boolean replyExpected;

	private volatile long lastEnd;

	/**
	 * Record a new request, whose response is not complete.
	 */
	void begun() {
		this.open.incrementAndGet();
		this.incomplete.incrementAndGet();
	}

	/**
	 * Record that a response has been written, or will not be written.
	 */
	void complete() {
		this.incomplete.decrementAndGet();
	}

	/**
	 * Record that a response that was reported as complete is not.
	 */
	void incomplete() {
		this.incomplete.incrementAndGet();
	}

	/**
	 * Record that a request is no longer being handled.
	 * @param bodyUnread whether its body was not read completely: the client is notified,
	 * but may have sent more by then
	 * @param written how many bytes of response were written
	 */
	void ended(boolean bodyUnread, long written) {
		this.bodyUnread |= bodyUnread;
		if (written > READ_AT_ONCE) {
			this.lastEnd = System.nanoTime();
			this.replyExpected = true;
		}
		this.open.decrementAndGet();
	}

	/**
	 * Return whether the client may be sending frames. It is not if all its requests were
	 * answered a while ago.
	 * @return whether it may be
	 */
	boolean isPeerSending() {
		return this.bodyUnread || this.open.get() > 0
				|| (this.replyExpected && System.nanoTime() - this.lastEnd < REPLY_NANOS);
	}

	/**
	 * Return whether the client lacks a complete response.
	 * @return whether there is one that has not been completed
	 */
	boolean isAnyIncomplete() {
		return this.incomplete.get() > 0;
	}

}
