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

package io.github.tlsshutdown;

/**
 * Receives exactly one event for each TLS connection, when it has ended.
 * <p>
 * {@link #onShutdown} is called on the thread that closed the connection: a request
 * thread, the server's poller, or the thread that waits for peers; the other methods on
 * the thread that starts or stops the server. All must be thread-safe and fast, and must
 * not block. An exception is logged at most once a minute and affects neither the
 * connection nor other listeners.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TlsShutdownListener {

	/**
	 * A TLS connection has ended and its socket is closed.
	 * @param event what happened
	 */
	void onShutdown(TlsShutdownEvent event);

	/**
	 * A connector that terminates TLS is about to accept connections.
	 * @param connector the connector
	 */
	default void onConnectorStarted(TlsShutdownConnector connector) {
	}

	/**
	 * A connector that terminates TLS has stopped, and none of its connections is
	 * waiting.
	 * @param connector the connector that was given to
	 * {@link #onConnectorStarted(TlsShutdownConnector)}
	 */
	default void onConnectorStopped(TlsShutdownConnector connector) {
	}

}
