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
 * How a TLS connection ended. Every connection has exactly one outcome.
 * <p>
 * Errors of the peer or the network take precedence over the policy's normal outcome: a
 * connection that the peer resets under {@link TlsShutdownPolicy#QUIET} is
 * {@link #RESET}, not {@link #QUIET}. A connection whose handshake was not completed is
 * always {@link #NO_HANDSHAKE}, whatever ended it.
 * <p>
 * Constants may be added in later versions.
 *
 * @since 0.1.0
 */
public enum TlsShutdownOutcome {

	/**
	 * Our close_notify was sent and the policy does not wait ({@code SSL_shutdown()}
	 * returns 0).
	 */
	SENT,

	/**
	 * Both close_notify alerts were exchanged, in either order ({@code SSL_shutdown()}
	 * returns 1).
	 */
	COMPLETED,

	/**
	 * The policy sends nothing ({@code SSL_shutdown()} returns 1).
	 */
	QUIET,

	/**
	 * Our own side gave up in the middle of a response: no close_notify is sent, as it
	 * would mean that the response is complete (RFC 8446 section 6.1, RFC 9112 section
	 * 9.8).
	 */
	ABORTED,

	/**
	 * The time allowed passed before our data and alert were written (WANT_WRITE) or
	 * before the peer's alert arrived (WANT_READ).
	 */
	TIMED_OUT,

	/**
	 * The peer ended the TCP connection without close_notify: the data it sent may be
	 * truncated (SSL_ERROR_SYSCALL with end of file).
	 */
	UNCLEAN,

	/**
	 * The peer reset the connection, or another I/O error ended it (SSL_ERROR_SYSCALL).
	 */
	RESET,

	/**
	 * A fatal alert was sent or received, or a record could not be decrypted
	 * (SSL_ERROR_SSL).
	 */
	FAILED,

	/**
	 * One of our own limits ended the connection: too many connections were waiting, or
	 * its peer sent too much data in the meantime.
	 */
	OVERFLOW,

	/**
	 * The connection ended before its TLS handshake was complete.
	 */
	NO_HANDSHAKE;

	/**
	 * Return whether a connection can have this outcome.
	 * @param policy the policy that the connection ends by
	 * @param initiator the side that is the first to end it
	 * @return whether it can
	 */
	public boolean isPossible(TlsShutdownPolicy policy, TlsShutdownInitiator initiator) {
		boolean peerFirst = initiator == TlsShutdownInitiator.PEER;
		return switch (this) {
			case SENT -> policy == TlsShutdownPolicy.UNIDIRECTIONAL && !peerFirst;
			// Also under UNIDIRECTIONAL: a connection can linger until the peer's alert
			case COMPLETED -> policy != TlsShutdownPolicy.QUIET;
			case QUIET -> policy == TlsShutdownPolicy.QUIET;
			case UNCLEAN -> policy == TlsShutdownPolicy.BIDIRECTIONAL || peerFirst;
			case ABORTED -> !peerFirst;
			case TIMED_OUT, RESET, FAILED, OVERFLOW, NO_HANDSHAKE -> true;
		};
	}

}
