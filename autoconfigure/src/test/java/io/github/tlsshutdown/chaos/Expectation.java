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

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * What a connection's event has to say.
 *
 * @param outcomes the outcome; several only where the wire itself races
 * @param initiators who was the first to close; both only where the wire itself races
 */
record Expectation(Set<TlsShutdownOutcome> outcomes, Set<TlsShutdownInitiator> initiators) {

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

	Expectation or(Expectation other) {
		Set<TlsShutdownOutcome> outcomes = EnumSet.copyOf(this.outcomes);
		outcomes.addAll(other.outcomes);
		Set<TlsShutdownInitiator> initiators = EnumSet.copyOf(this.initiators);
		initiators.addAll(other.initiators);
		return new Expectation(outcomes, initiators);
	}

}
