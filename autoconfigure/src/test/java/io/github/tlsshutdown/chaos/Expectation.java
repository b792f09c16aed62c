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

import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;

/**
 * What a connection's event has to say.
 *
 * @param outcomes the outcome; several only where the wire itself races
 * @param initiators who was the first to close; both only where the wire itself races
 * @param unread what became of a peer that was still sending; all where that depends on
 * how much the server has read
 * @param truncatedByPeer whether the peer left in the middle of a request or a response,
 * or {@code null} where that depends on how much the server has read or written
 */
record Expectation(Set<TlsShutdownOutcome> outcomes, Set<TlsShutdownInitiator> initiators,
		Set<TlsShutdownUnread> unread, @Nullable Boolean truncatedByPeer) {

	Expectation(Set<TlsShutdownOutcome> outcomes, Set<TlsShutdownInitiator> initiators) {
		this(outcomes, initiators, EnumSet.allOf(TlsShutdownUnread.class), null);
	}

	static Expectation local(TlsShutdownOutcome outcome) {
		return new Expectation(EnumSet.of(outcome), EnumSet.of(TlsShutdownInitiator.LOCAL));
	}

	static Expectation peer(TlsShutdownOutcome outcome) {
		return new Expectation(EnumSet.of(outcome), EnumSet.of(TlsShutdownInitiator.PEER));
	}

	/**
	 * Expect what follows from a server that closes first.
	 * @param policy the policy
	 * @param whenServerWaits what becomes of the wait, if the policy says to wait
	 * @return the expectation
	 */
	static Expectation serverFirst(TlsShutdownPolicy policy, TlsShutdownOutcome whenServerWaits) {
		return switch (policy) {
			// An answer that is there before the connection is closed is seen
			case UNIDIRECTIONAL -> (whenServerWaits == TlsShutdownOutcome.COMPLETED)
					? local(TlsShutdownOutcome.SENT).or(local(TlsShutdownOutcome.COMPLETED))
					: local(TlsShutdownOutcome.SENT);
			case BIDIRECTIONAL -> local(whenServerWaits);
			case QUIET -> local(TlsShutdownOutcome.QUIET);
		};
	}

	/**
	 * Expect this or something else, and nothing certain of what was lost.
	 * @param other the other expectation
	 * @return the expectation
	 */
	Expectation or(Expectation other) {
		Set<TlsShutdownOutcome> outcomes = EnumSet.copyOf(this.outcomes);
		outcomes.addAll(other.outcomes);
		Set<TlsShutdownInitiator> initiators = EnumSet.copyOf(this.initiators);
		initiators.addAll(other.initiators);
		return new Expectation(outcomes, initiators);
	}

	Expectation unread(TlsShutdownUnread first, TlsShutdownUnread... others) {
		return new Expectation(this.outcomes, this.initiators, EnumSet.of(first, others), this.truncatedByPeer);
	}

	Expectation truncatedByPeer(boolean truncated) {
		return new Expectation(this.outcomes, this.initiators, this.unread, truncated);
	}

	/**
	 * Compare an event with this expectation.
	 * @param event the event
	 * @return what is wrong, or {@code null} if nothing is
	 */
	@Nullable String mismatch(TlsShutdownEvent event) {
		if (!this.outcomes.contains(event.outcome())) {
			return "Outcome not among " + this.outcomes;
		}
		if (!this.initiators.contains(event.initiator())) {
			return "Initiator not among " + this.initiators;
		}
		if (!this.unread.contains(event.unread())) {
			return "Unread not among " + this.unread;
		}
		boolean truncated = event.truncated() == TlsShutdownInitiator.PEER;
		if (this.truncatedByPeer != null && this.truncatedByPeer != truncated) {
			return truncated ? "Truncated" : "Not truncated";
		}
		return null;
	}

}
