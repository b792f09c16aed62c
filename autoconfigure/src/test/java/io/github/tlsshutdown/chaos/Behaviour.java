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

package io.github.tlsshutdown.chaos;

import java.io.IOException;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * What a peer does with a connection, and what its event then has to say. What a peer
 * does never depends on the policy, which may change meanwhile.
 */
interface Behaviour {

	/**
	 * Play until all that is left is the server's turn.
	 * @param connection the connection
	 * @throws IOException if something happens that should not
	 */
	void play(ChaosConnection connection) throws IOException;

	/**
	 * Tell how the connection has to end.
	 * @param script what is played
	 * @param policy what the connection was ended by
	 * @return the expectation
	 */
	Expectation expected(Script script, TlsShutdownPolicy policy);

	/**
	 * Whether the peer is silent at some time, and so needs a server that does not wait
	 * long for anything. All others have a server that waits so long that it does not
	 * matter how busy the machine is.
	 * @return whether it is
	 */
	default boolean needsImpatientServer() {
		return false;
	}

	/**
	 * Whether the peer resets the connection.
	 * @return whether it does
	 */
	default boolean resets() {
		return toString().contains("RESET");
	}

	/**
	 * Whether the peer sends a request of HTTP/1.1 that makes no sense.
	 * @return whether it does
	 */
	default boolean breaksRequests() {
		return false;
	}

	/**
	 * Whether the server may learn of the peer's end only when it is tired of waiting.
	 * @return whether that may take as long as it waits
	 */
	default boolean mayBeNoticedLate() {
		return false;
	}

}
