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

import java.io.IOException;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * What happened on a connection before the server closed it.
 *
 * @param established whether the TLS handshake was completed
 * @param endOfStream whether the peer's FIN was read
 * @param refused whether our side detected the failure, if there was one: our fatal
 * alert, or an answer to data that is not TLS, was sent or will be sent
 * @param failure the error that occurred while reading or writing, or {@code null}
 * @param responseCut whether our own side gave up in the middle of a response
 * @param bodyUnread whether a request body was not read completely, so that the peer may
 * still be sending
 * @param unfinished whether a request or a response was not complete, no matter which
 * side left
 * @param handshake facts about a handshake that was not completed, as far as known
 */
public record BeforeClose(boolean established, boolean endOfStream, boolean refused, @Nullable IOException failure,
		boolean responseCut, boolean bodyUnread, boolean unfinished, @Nullable HandshakeSigns handshake) {

	/**
	 * Return the facts of a connection on which nothing went wrong.
	 * @param established whether the TLS handshake was completed
	 * @return facts without any problem
	 */
	public static BeforeClose nothing(boolean established) {
		return new BeforeClose(established, false, false, null, false, false, false, null);
	}

	/**
	 * Return which of two failures explains the other. The first does, but an error of a
	 * writing thread can be a consequence of a TLS failure.
	 * @param before the earlier failure, if there was one
	 * @param now the new failure
	 * @return the one to keep
	 */
	public static IOException explanation(@Nullable IOException before, IOException now) {
		return (before == null || (now instanceof SSLException && !(before instanceof SSLException))) ? now : before;
	}

	/**
	 * Return these facts with a response that our own side cut off.
	 * @return the facts
	 */
	BeforeClose withResponseCut() {
		return new BeforeClose(this.established, this.endOfStream, this.refused, this.failure, true, this.bodyUnread,
				this.unfinished, this.handshake);
	}

	/**
	 * Return these facts without the failure, which did not concern the connection.
	 * @return the facts
	 */
	BeforeClose withoutFailure() {
		return new BeforeClose(this.established, this.endOfStream, false, null, this.responseCut, this.bodyUnread,
				this.unfinished, this.handshake);
	}

	/**
	 * Return these facts with a TLS failure. Which side detected it is known when the
	 * engine is asked for its alert.
	 * @param failure the failure
	 * @return the facts
	 */
	BeforeClose withTlsFailure(SSLException failure) {
		return new BeforeClose(this.established, this.endOfStream, false, failure, this.responseCut, this.bodyUnread,
				this.unfinished, this.handshake);
	}

	/**
	 * Return whether TLS itself failed: a fatal alert, or a record that could not be
	 * read.
	 * @return whether the TLS connection is unusable
	 */
	boolean tlsFailed() {
		return this.failure instanceof SSLException;
	}

	/**
	 * Return the outcome if it is already certain.
	 * @param closeNotifyReceived whether the peer's close_notify was read
	 * @return the outcome, or {@code null} if it depends on what follows
	 */
	@Nullable TlsShutdownOutcome verdict(boolean closeNotifyReceived) {
		if (!this.established) {
			return TlsShutdownOutcome.NO_HANDSHAKE;
		}
		if (tlsFailed()) {
			return TlsShutdownOutcome.FAILED;
		}
		if (this.failure != null && !closeNotifyReceived) {
			return TlsShutdownOutcome.RESET;
		}
		return this.responseCut ? TlsShutdownOutcome.ABORTED : null;
	}

	/**
	 * Return which side was the first to end the connection.
	 * @param closeNotifyReceived whether the peer's close_notify was read
	 * @return the initiator
	 */
	TlsShutdownInitiator initiator(boolean closeNotifyReceived) {
		TlsShutdownOutcome verdict = verdict(closeNotifyReceived);
		if (verdict == TlsShutdownOutcome.ABORTED) {
			return TlsShutdownInitiator.LOCAL;
		}
		boolean failedByPeer = this.failure != null && (!this.refused || verdict == TlsShutdownOutcome.RESET);
		boolean peerFirst = closeNotifyReceived || this.endOfStream || failedByPeer;
		return peerFirst ? TlsShutdownInitiator.PEER : TlsShutdownInitiator.LOCAL;
	}

	/**
	 * Return what to send to the peer.
	 * @param policy how the server ends the connection
	 * @param closeNotifyReceived whether the peer's close_notify was read
	 * @return what to write, after the data that is already encrypted
	 */
	Farewell farewell(TlsShutdownPolicy policy, boolean closeNotifyReceived) {
		if (tlsFailed()) {
			return (this.failure instanceof PeerAlertException) ? Farewell.NOTHING : Farewell.FATAL_ALERT;
		}
		TlsShutdownOutcome verdict = verdict(closeNotifyReceived);
		if (verdict == TlsShutdownOutcome.NO_HANDSHAKE && this.refused) {
			return Farewell.DATA_ONLY;
		}
		if (verdict != null) {
			return Farewell.NOTHING;
		}
		return (policy == TlsShutdownPolicy.QUIET) ? Farewell.DATA_ONLY : Farewell.CLOSE_NOTIFY;
	}

}
