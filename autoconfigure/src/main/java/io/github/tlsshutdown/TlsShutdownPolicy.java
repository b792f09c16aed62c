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
 * How the server ends a TLS connection. The terms are those of OpenSSL's
 * {@code SSL_shutdown(3)}.
 * <p>
 * Under every policy, application data that is already encrypted is written first, no
 * close_notify is sent before the handshake is complete or after a fatal alert, and the
 * TLS session stays resumable.
 * <p>
 * Constants may be added in later versions.
 *
 * @since 0.1.0
 */
public enum TlsShutdownPolicy {

	/**
	 * Send close_notify in full and close without waiting for the peer's (RFC 8446
	 * section 6.1, {@code SSL_shutdown(3)} called once).
	 */
	UNIDIRECTIONAL,

	/**
	 * Send close_notify in full, half-close the TCP connection and wait, for a bounded
	 * time and without holding a thread, for the peer's close_notify
	 * ({@code SSL_shutdown(3)} called until it returns 1).
	 */
	BIDIRECTIONAL,

	/**
	 * Close without sending close_notify ({@code SSL_CTX_set_quiet_shutdown(3)}). Fatal
	 * alerts, which report an error rather than an end, are still sent.
	 */
	QUIET;

	/**
	 * Name of a request attribute: a policy, the name of one, or {@link #ABORT}. It
	 * chooses how the connection that carries the request ends, and takes precedence over
	 * everything else. The last request with the attribute counts, on HTTP/2 of any
	 * stream.
	 */
	public static final String REQUEST_ATTRIBUTE = "io.github.tlsshutdown.TlsShutdownPolicy";

	/**
	 * Value of the {@link #REQUEST_ATTRIBUTE} that cuts the response off: its connection
	 * ends without close_notify, so that the peer does not take a partial response as
	 * complete, and the outcome is {@link TlsShutdownOutcome#ABORTED}.
	 */
	public static final String ABORT = "abort";

}
