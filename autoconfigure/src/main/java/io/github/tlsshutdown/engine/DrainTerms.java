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
 * How long connections are kept in a graceful stop for requests that may be on their way,
 * where {@link TlsShutdownSettings#drainIdle() idle ones are ended}.
 */
public final class DrainTerms {

	/**
	 * How long the stop can be delayed while requests that have arrived are not yet being
	 * handled.
	 */
	public static final Duration ARRIVED = Duration.ofMillis(500);

	/**
	 * How long a client has to process a GOAWAY before it opens another stream.
	 */
	public static final Duration GOAWAY = Duration.ofMillis(200);

	/**
	 * How long after a response the client may be about to send the next request. The
	 * response to that one announces the end.
	 */
	private static final Duration ANSWERED = Duration.ofMillis(200);

	private DrainTerms() {
	}

	/**
	 * Return how long an idle connection is kept for another request. A client that has
	 * just connected is about to send one, and one that has just been answered may send
	 * another.
	 * @param requested whether the connection has had a request
	 * @param settings the settings of its connector
	 * @return the time since the last response, or since the connection was opened
	 */
	public static Duration untilNextRequest(boolean requested, TlsShutdownSettings settings) {
		return requested ? ANSWERED : settings.timeout();
	}

}
