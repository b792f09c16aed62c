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

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * The rules of a shutdown: what each policy sends and waits for, when a server lingers,
 * and which outcome follows. Facts go in, the {@link #next() next step} and the
 * {@link #outcome() outcome} come out. Does no I/O, and has no clock. Conclusions from
 * the time before the close alone are in {@link BeforeClose}.
 */
final class ShutdownState {

	private final TlsShutdownPolicy policy;

	private final boolean linger;

	private final PeerState peer = new PeerState();

	private TlsShutdownInitiator initiator = TlsShutdownInitiator.LOCAL;

	private Farewell farewell = Farewell.NOTHING;

	/** The outcome, if it was certain before the close. */
	private @Nullable TlsShutdownOutcome verdict;

	private @Nullable TlsShutdownOutcome outcome;

	private boolean tlsFailed;

	private boolean flushed;

	private boolean looked;

	private boolean halfClosed;

	/** Whether the peer was sent anything that it can lose. */
	private boolean spoken;

	ShutdownState(TlsShutdownPolicy policy, boolean linger) {
		this.policy = policy;
		this.linger = linger;
	}

	// Facts

	/**
	 * Evaluate what happened before the close. Called once, before the first step.
	 * @param before what happened
	 * @param closeNotifyReceived whether the peer's close_notify was read
	 */
	void begin(BeforeClose before, boolean closeNotifyReceived) {
		this.tlsFailed = before.tlsFailed();
		// A failed engine also reports its input as closed
		boolean closedByPeer = closeNotifyReceived && !this.tlsFailed;
		this.peer.begin(before, closedByPeer);
		this.spoken = before.established() || before.refused();
		this.verdict = before.verdict(closedByPeer);
		this.initiator = before.initiator(closedByPeer);
		this.farewell = before.farewell(this.policy, closedByPeer);
	}

	/**
	 * Record that our fatal alert is sent: our side detected the failure.
	 */
	void fatalAlertGiven() {
		this.spoken = true;
		this.peer.fatalAlertGiven();
		this.initiator = TlsShutdownInitiator.LOCAL;
	}

	/**
	 * Record whether TCP has accepted the farewell, and all data before it.
	 * @param flushed whether it has
	 */
	void flushed(boolean flushed) {
		if (flushed && !this.flushed) {
			this.flushed = true;
			// Data received while we could not write does not show what is there now
			this.looked = false;
		}
	}

	void halfClosed() {
		this.halfClosed = true;
	}

	/**
	 * Record that the socket was checked.
	 * @param received number of bytes read; -1 at the end of the stream
	 */
	void looked(int received) {
		this.looked = true;
		this.peer.received(received);
	}

	/**
	 * Record that there is unread data from the peer.
	 */
	void unreadData() {
		this.peer.sending();
	}

	void closeNotifyReceived() {
		this.peer.closed();
	}

	/**
	 * Record that the engine can no longer recognize the peer's close_notify.
	 */
	void deaf() {
		this.peer.unrecognisable();
	}

	/**
	 * Record that the connection is broken.
	 * @param tls whether TLS failed, rather than the connection below it
	 * @param peerFirst whether the connection below was broken before any wait, and so
	 * before the close, unless all was written
	 */
	void broken(boolean tls, boolean peerFirst) {
		if (peerFirst && !this.flushed && this.verdict == null) {
			this.initiator = TlsShutdownInitiator.PEER;
		}
		this.peer.stopped();
		// A peer that sends close_notify can leave before our answer is written
		boolean left = this.peer.hasClosed() && !tls;
		end((left || isOurPartDone()) ? settled() : tls ? TlsShutdownOutcome.FAILED : TlsShutdownOutcome.RESET);
	}

	/**
	 * Record that the time has run out.
	 * @param silent whether the peer made no progress in that time
	 */
	void timeOver(boolean silent) {
		if (silent) {
			this.peer.stopped();
		}
		end(isOurPartDone() ? settled() : TlsShutdownOutcome.TIMED_OUT);
	}

	/**
	 * Record that one of our own limits was reached.
	 */
	void limitReached() {
		end(TlsShutdownOutcome.OVERFLOW);
	}

	/**
	 * Record an internal error.
	 */
	void internalError() {
		end(TlsShutdownOutcome.RESET);
	}

	private TlsShutdownOutcome end(TlsShutdownOutcome outcome) {
		TlsShutdownOutcome ended = this.outcome;
		if (ended == null) {
			ended = (this.verdict != null) ? this.verdict : outcome;
			this.outcome = ended;
		}
		return ended;
	}

	// What follows

	/**
	 * Return what to send to the peer.
	 * @return what to write, after the data that is already encrypted
	 */
	Farewell farewell() {
		return this.farewell;
	}

	/**
	 * Return the next step. Only {@link Step#CLOSE} makes the outcome final.
	 * @return the step
	 */
	Step next() {
		if (this.outcome != null || this.verdict == TlsShutdownOutcome.RESET || this.peer.hasFailed()) {
			return Step.CLOSE;
		}
		if (!this.flushed) {
			return Step.WAIT;
		}
		if (this.peer.hasEnded()) {
			return Step.CLOSE;
		}
		boolean waits = isWaitingForPeer();
		if (waits && !this.halfClosed) {
			return Step.HALF_CLOSE;
		}
		if ((waits || isLingering()) && !this.looked) {
			return Step.LOOK;
		}
		return waits ? Step.WAIT : Step.CLOSE;
	}

	/**
	 * Return whether what the peer sends is to be read. This may be needed to get our own
	 * data written: a peer may not read while it sends.
	 * @return whether it is
	 */
	boolean isReading() {
		return !this.peer.hasEnded() && (isWaitingForPeer() || (isLingering() && !this.flushed));
	}

	/**
	 * Return whether what the peer sends is to be decrypted.
	 * @return whether its close_notify could be recognised
	 */
	boolean isDecrypting() {
		return this.peer.isRecognisable() && !this.tlsFailed && this.verdict != TlsShutdownOutcome.NO_HANDSHAKE;
	}

	private boolean isWaitingForPeer() {
		boolean forAlert = this.policy == TlsShutdownPolicy.BIDIRECTIONAL && this.verdict == null;
		return forAlert || (isLingering() && this.peer.isSending());
	}

	private boolean isLingering() {
		return this.linger && this.spoken;
	}

	// Whether the policy requires nothing more: what the peer does now does not matter.
	private boolean isOurPartDone() {
		return this.flushed && this.policy != TlsShutdownPolicy.BIDIRECTIONAL;
	}

	private TlsShutdownOutcome settled() {
		if (isUnclean()) {
			return TlsShutdownOutcome.UNCLEAN;
		}
		if (this.policy == TlsShutdownPolicy.QUIET) {
			return TlsShutdownOutcome.QUIET;
		}
		return this.peer.hasClosed() ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.SENT;
	}

	private boolean isUnclean() {
		return this.peer.hasLeftWithoutClosing()
				&& (this.initiator == TlsShutdownInitiator.PEER || this.policy == TlsShutdownPolicy.BIDIRECTIONAL);
	}

	// Results

	/**
	 * Return the outcome, which is final from now on.
	 * @return the outcome
	 */
	TlsShutdownOutcome outcome() {
		return end(settled());
	}

	TlsShutdownInitiator initiator() {
		return this.initiator;
	}

	/**
	 * Return whether the peer has left, or at least stopped sending.
	 * @return whether nothing more was coming from it
	 */
	boolean hasPeerStopped() {
		return this.peer.hasStopped();
	}

	boolean isCloseNotifySent() {
		return this.farewell == Farewell.CLOSE_NOTIFY && this.flushed;
	}

	boolean isCloseNotifyReceived() {
		return this.peer.hasClosed();
	}

}
