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

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests of a connection: with HTTP/2 there can be several at once. Updated by the
 * threads that handle them.
 */
final class Requests {

	private final AtomicInteger handled = new AtomicInteger();

	private volatile boolean any;

	private volatile boolean arriving;

	/**
	 * Record that a part of a request has arrived.
	 */
	void arriving() {
		this.arriving = true;
	}

	/**
	 * Record that a request is to be handled.
	 */
	void begun() {
		this.any = true;
		this.handled.incrementAndGet();
		this.arriving = false;
	}

	/**
	 * Record that a request was handled.
	 */
	void ended() {
		this.arriving = false;
		this.handled.decrementAndGet();
	}

	/**
	 * Return whether the connection has had a request.
	 * @return whether one was to be handled
	 */
	boolean hasBeenAny() {
		return this.any;
	}

	/**
	 * Return whether a request is being handled.
	 * @return whether there is one
	 */
	boolean isHandling() {
		return this.handled.get() > 0;
	}

	/**
	 * Return whether a part of a request has arrived.
	 * @return whether there is one that is not yet being handled
	 */
	boolean isArriving() {
		return this.arriving;
	}

}
