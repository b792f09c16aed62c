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

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * What has to come of a shutdown, written from the documented policies and outcomes
 * rather than from the code that follows them. It is told the same facts as a
 * {@link ShutdownState}, and only keeps them: each answer is worked out anew.
 */
final class ShutdownTable {

	private final TlsShutdownPolicy policy;

	private final boolean linger;

	private final BeforeClose before;

	private final boolean closeNotifyBefore;

	private boolean fatalAlertOut;

	private boolean written;

	private boolean deaf;

	private boolean lookedSinceWritten;

	private boolean halfClosed;

	private boolean dataRead;

	private boolean finRead;

	private boolean closeNotifyRead;

	private boolean brokenBeforeWritten;

	private @Nullable End end;

	ShutdownTable(TlsShutdownPolicy policy, boolean linger, BeforeClose before, boolean closeNotifyBefore) {
		this.policy = policy;
		this.linger = linger;
		this.before = before;
		// An engine that has failed calls its input done, too
		this.closeNotifyBefore = closeNotifyBefore && !before.tlsFailed();
	}

	// Facts

	void fatalAlertOut() {
		this.fatalAlertOut = true;
	}

	void written() {
		this.lookedSinceWritten &= this.written;
		this.written = true;
	}

	void deaf() {
		this.deaf = !peerHasLeft();
	}

	void halfClosed() {
		this.halfClosed = true;
	}

	void read(int bytes) {
		this.lookedSinceWritten = true;
		this.dataRead |= bytes > 0;
		this.finRead |= bytes < 0;
	}

	void closeNotifyRead() {
		this.closeNotifyRead = true;
	}

	/**
	 * Note what ends the connection.
	 * @param end what it is; only the first one counts
	 * @param atOnce whether the thread that closes has met it
	 */
	void end(End end, boolean atOnce) {
		if (this.end == null) {
			this.end = end;
			this.brokenBeforeWritten = end == End.CONNECTION_BROKEN && atOnce && !this.written;
		}
	}

	// The outcome

	/**
	 * What is decided whatever comes.
	 */
	@Nullable TlsShutdownOutcome decided() {
		if (!this.before.established()) {
			return TlsShutdownOutcome.NO_HANDSHAKE;
		}
		if (tlsFailedBefore()) {
			return TlsShutdownOutcome.FAILED;
		}
		if (this.before.failure() != null && !this.closeNotifyBefore) {
			return TlsShutdownOutcome.RESET;
		}
		return this.before.responseCut() ? TlsShutdownOutcome.ABORTED : null;
	}

	TlsShutdownOutcome outcome() {
		TlsShutdownOutcome decided = decided();
		if (decided != null) {
			return decided;
		}
		// What the peer does after our part is done harms nobody
		boolean done = this.written && this.policy != TlsShutdownPolicy.BIDIRECTIONAL;
		return switch ((this.end != null) ? this.end : End.NONE) {
			case NONE -> told();
			case TIME_OVER -> done ? told() : TlsShutdownOutcome.TIMED_OUT;
			case CONNECTION_BROKEN -> (done || closeNotifyReceived()) ? told() : TlsShutdownOutcome.RESET;
			case TLS_BROKEN -> done ? told() : TlsShutdownOutcome.FAILED;
			case LIMIT -> TlsShutdownOutcome.OVERFLOW;
			case TROUBLE -> TlsShutdownOutcome.RESET;
		};
	}

	private TlsShutdownOutcome told() {
		boolean finOnly = !closeNotifyReceived() && !this.deaf;
		boolean unclean = switch (this.policy) {
			case BIDIRECTIONAL -> finOnly && (this.before.endOfStream() || this.finRead);
			// Only what the peer did before the close is its fault
			case UNIDIRECTIONAL, QUIET -> finOnly && this.before.endOfStream();
		};
		if (unclean) {
			return TlsShutdownOutcome.UNCLEAN;
		}
		return switch (this.policy) {
			case QUIET -> TlsShutdownOutcome.QUIET;
			case UNIDIRECTIONAL, BIDIRECTIONAL ->
				closeNotifyReceived() ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.SENT;
		};
	}

	TlsShutdownInitiator initiator() {
		if (this.fatalAlertOut || decided() == TlsShutdownOutcome.ABORTED) {
			return TlsShutdownInitiator.LOCAL;
		}
		// A reset is never our doing
		boolean peersFailure = this.before.failure() != null
				&& (!this.before.refused() || decided() == TlsShutdownOutcome.RESET);
		boolean brokenFirst = decided() == null && this.brokenBeforeWritten;
		return (this.closeNotifyBefore || this.before.endOfStream() || peersFailure || brokenFirst)
				? TlsShutdownInitiator.PEER : TlsShutdownInitiator.LOCAL;
	}

	boolean closeNotifyReceived() {
		return this.closeNotifyBefore || this.closeNotifyRead;
	}

	boolean closeNotifySent() {
		return this.written && farewell() == Farewell.CLOSE_NOTIFY;
	}

	// What is done

	Farewell farewell() {
		if (tlsFailedBefore()) {
			return Farewell.FATAL_ALERT;
		}
		TlsShutdownOutcome decided = decided();
		if (decided == TlsShutdownOutcome.NO_HANDSHAKE) {
			// What is no TLS may have been answered
			return this.before.refused() ? Farewell.DATA_ONLY : Farewell.NOTHING;
		}
		if (decided != null) {
			return Farewell.NOTHING;
		}
		return (this.policy == TlsShutdownPolicy.QUIET) ? Farewell.DATA_ONLY : Farewell.CLOSE_NOTIFY;
	}

	Step step() {
		if (this.end != null || decided() == TlsShutdownOutcome.RESET || fatalAlertIn()) {
			return Step.CLOSE;
		}
		if (!this.written) {
			return Step.WAIT;
		}
		if (peerHasLeft()) {
			return Step.CLOSE;
		}
		if (stays()) {
			return !this.halfClosed ? Step.HALF_CLOSE : this.lookedSinceWritten ? Step.WAIT : Step.LOOK;
		}
		return (lingers() && !this.lookedSinceWritten) ? Step.LOOK : Step.CLOSE;
	}

	/**
	 * Whether bytes of the peer's are read while the connection waits.
	 */
	boolean reading() {
		return !peerHasLeft() && !fatalAlertIn() && (stays() || (lingers() && !this.written));
	}

	boolean decrypting() {
		return this.before.established() && !tlsFailedBefore() && !this.deaf;
	}

	boolean isDeaf() {
		return this.deaf;
	}

	private boolean stays() {
		boolean forItsAlert = this.policy == TlsShutdownPolicy.BIDIRECTIONAL && decided() == null;
		return forItsAlert || (lingers() && (this.before.bodyUnread() || this.dataRead));
	}

	private boolean lingers() {
		// Nobody loses what was never said
		boolean said = this.before.established() || this.before.refused() || this.fatalAlertOut;
		return this.linger && said;
	}

	private boolean peerHasLeft() {
		return closeNotifyReceived() || this.before.endOfStream() || this.finRead;
	}

	// Nobody reads after its own fatal alert, and nobody sends
	private boolean fatalAlertIn() {
		return tlsFailedBefore() && !this.before.refused() && !this.fatalAlertOut;
	}

	private boolean tlsFailedBefore() {
		return this.before.failure() instanceof SSLException;
	}

	/** What ends a connection before its end comes by itself. */
	enum End {

		/** Nothing. */
		NONE,

		/** The time allowed is over. */
		TIME_OVER,

		/** The TCP connection is reset, or cannot be used for another reason. */
		CONNECTION_BROKEN,

		/** A record cannot be read, or is a fatal alert. */
		TLS_BROKEN,

		/** Too much was discarded, or too many wait. */
		LIMIT,

		/** Something is wrong with the server itself. */
		TROUBLE

	}

}
