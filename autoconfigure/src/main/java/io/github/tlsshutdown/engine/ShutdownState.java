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
 * {@link #outcome() outcome} come out. Does no I/O, and knows no clock. What follows from
 * the time before the close alone is said by {@link BeforeClose}.
 */
final class ShutdownState {

	private final TlsShutdownPolicy policy;

	private final boolean linger;

	private final PeerState peer = new PeerState();

	private TlsShutdownInitiator initiator = TlsShutdownInitiator.LOCAL;

	private Farewell farewell = Farewell.NOTHING;

	/** What the outcome is whatever comes: it was decided before the close. */
	private @Nullable TlsShutdownOutcome verdict;

	private @Nullable TlsShutdownOutcome outcome;

	private boolean tlsFailed;

	private boolean flushed;

	private boolean looked;

	private boolean halfClosed;

	/** Whether the peer was told anything that it may lose. */
	private boolean spoken;

	ShutdownState(TlsShutdownPolicy policy, boolean linger) {
		this.policy = policy;
		this.linger = linger;
	}

	// Facts

	/**
	 * Judge what was met before the close. Called once, before the first step.
	 * @param before what was met
	 * @param closeNotifyReceived whether the peer's close_notify was read
	 */
	void begin(BeforeClose before, boolean closeNotifyReceived) {
		this.tlsFailed = before.tlsFailed();
		// An engine that has failed calls its input done, too
		boolean closedByPeer = closeNotifyReceived && !this.tlsFailed;
		this.peer.begin(before, closedByPeer);
		this.spoken = before.established() || before.refused();
		this.verdict = before.verdict(closedByPeer);
		this.initiator = before.initiator(closedByPeer);
		this.farewell = before.farewell(this.policy, closedByPeer);
	}

	/**
	 * Note that a fatal alert of ours goes out: it was us who found the failure.
	 */
	void fatalAlertGiven() {
		this.spoken = true;
		this.initiator = TlsShutdownInitiator.LOCAL;
	}

	/**
	 * Note whether TCP has taken the farewell, and all that comes before it.
	 * @param flushed whether it has
	 */
	void flushed(boolean flushed) {
		if (flushed && !this.flushed) {
			this.flushed = true;
			// What came while we could not write says nothing about what is there now
			this.looked = false;
		}
	}

	void halfClosed() {
		this.halfClosed = true;
	}

	/**
	 * Note that the socket was looked at.
	 * @param received number of bytes that were there; -1 at the end of the stream
	 */
	void looked(int received) {
		this.looked = true;
		this.peer.received(received);
	}

	/**
	 * Note that there is data that the peer has sent and nobody has read.
	 */
	void unreadData() {
		this.peer.sending();
	}

	void closeNotifyReceived() {
		this.peer.closed();
	}

	/**
	 * Note that the engine cannot recognise the peer's close_notify any more.
	 */
	void deaf() {
		this.peer.unrecognisable();
	}

	/**
	 * Note that the connection is broken.
	 * @param tls whether TLS failed, rather than the connection below it
	 * @param peerFirst whether the connection below was broken before anybody waited, and
	 * so before the close, unless all was written
	 */
	void broken(boolean tls, boolean peerFirst) {
		if (peerFirst && !this.flushed && this.verdict == null) {
			this.initiator = TlsShutdownInitiator.PEER;
		}
		this.peer.stopped();
		// A peer that sends close_notify may leave before our answer can be written
		boolean left = this.peer.hasClosed() && !tls;
		end((left || isOurPartDone()) ? settled() : tls ? TlsShutdownOutcome.FAILED : TlsShutdownOutcome.RESET);
	}

	/**
	 * Note that the time is over.
	 * @param silent whether the peer has made no progress all that time
	 */
	void timeOver(boolean silent) {
		if (silent) {
			this.peer.stopped();
		}
		end(isOurPartDone() ? settled() : TlsShutdownOutcome.TIMED_OUT);
	}

	/**
	 * Note that one of our own limits does not allow to go on.
	 */
	void limitReached() {
		end(TlsShutdownOutcome.OVERFLOW);
	}

	/**
	 * Note that the server itself is in trouble.
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
	 * Return what there is to be said to the peer.
	 * @return what to write, after the data that is already encrypted
	 */
	Farewell farewell() {
		return this.farewell;
	}

	/**
	 * Return the next step. Only {@link Step#CLOSE} decides about the outcome.
	 * @return the step
	 */
	Step next() {
		if (this.outcome != null || this.verdict == TlsShutdownOutcome.RESET) {
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
	 * Return whether what the peer sends is to be read. While our own data is not written
	 * this may be needed to have it taken: a peer that sends may not read.
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

	// Whether the policy asks for nothing more: what the peer does now harms nobody.
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

	// What is told

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
