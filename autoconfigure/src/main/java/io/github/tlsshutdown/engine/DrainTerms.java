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

import java.time.Duration;

import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * How long connections are kept for requests that may be on their way once a server has
 * begun to stop gracefully, where {@link TlsShutdownSettings#drainIdle() idle ones are
 * ended}.
 */
public final class DrainTerms {

	/**
	 * How long the server may be kept from stopping while requests that have arrived are
	 * about to be handled.
	 */
	public static final Duration ARRIVED = Duration.ofMillis(500);

	/**
	 * What a client has to learn of a GOAWAY before it opens another stream.
	 */
	public static final Duration GOAWAY = Duration.ofMillis(200);

	/**
	 * How long ago a request was answered whose client may be about to send the next. It
	 * is told by the answer to that.
	 */
	private static final Duration ANSWERED = Duration.ofMillis(200);

	private DrainTerms() {
	}

	/**
	 * Return how long an idle connection is kept for another request. A client that has
	 * only just connected did so for one, and one that has only just been answered may
	 * have another.
	 * @param requested whether the connection has had a request
	 * @param settings the settings of its connector
	 * @return the time since it was answered last, or since it was made
	 */
	public static Duration untilNextRequest(boolean requested, TlsShutdownSettings settings) {
		return requested ? ANSWERED : settings.timeout();
	}

}
