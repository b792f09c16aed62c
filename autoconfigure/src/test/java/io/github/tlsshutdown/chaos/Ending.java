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

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TlsPeer;

/**
 * How a peer ends a connection, or its part of one.
 */
enum Ending {

	CLOSE_NOTIFY(TlsShutdownOutcome.COMPLETED, TlsShutdownInitiator.PEER) {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendCloseNotify();
		}

	},

	FIN(TlsShutdownOutcome.UNCLEAN, TlsShutdownInitiator.PEER) {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendFin();
		}

	},

	RESET(TlsShutdownOutcome.RESET, TlsShutdownInitiator.PEER) {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.reset();
		}

	},

	FATAL_ALERT(TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER) {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendFatalAlert();
		}

	},

	/** The server finds the error, and so is the first to close. */
	BROKEN_RECORD(TlsShutdownOutcome.FAILED, TlsShutdownInitiator.LOCAL) {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendBrokenRecord();
		}

	};

	private final TlsShutdownOutcome outcome;

	private final TlsShutdownInitiator initiator;

	Ending(TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		this.outcome = outcome;
		this.initiator = initiator;
	}

	abstract void play(TlsPeer peer) throws IOException;

	/**
	 * Return whether a peer that ends in this way says that it sends nothing more.
	 * @return whether the server need not wait for it
	 */
	boolean isLeaving() {
		return this == CLOSE_NOTIFY || this == FIN || this == RESET;
	}

	/**
	 * Expect what follows if the peer is first.
	 * @param policy the policy
	 * @return the expectation
	 */
	Expectation whenFirst(TlsShutdownPolicy policy) {
		TlsShutdownOutcome outcome = (this == CLOSE_NOTIFY && policy == TlsShutdownPolicy.QUIET)
				? TlsShutdownOutcome.QUIET : this.outcome;
		return (this.initiator == TlsShutdownInitiator.PEER) ? Expectation.peer(outcome) : Expectation.local(outcome);
	}

	/**
	 * Expect what follows if the server was first.
	 * @param policy the policy
	 * @return the expectation
	 */
	Expectation whenSecond(TlsShutdownPolicy policy) {
		return Expectation.serverFirst(policy, this.outcome);
	}

}
