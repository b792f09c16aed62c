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
 * What holds for every event, and for every event while a server stops.
 */
final class EventRules {

	private EventRules() {
	}

	/**
	 * Compare what an event says with what else it says.
	 * @param event the event
	 * @param protocol the TLS version of the connection
	 * @return what is wrong, or {@code null} if nothing is
	 */
	static @Nullable String contradiction(TlsShutdownEvent event, String protocol) {
		if (!isConsistent(event) || (event.closeNotifySent() && event.policy() == TlsShutdownPolicy.QUIET)) {
			return "Contradicts itself";
		}
		if (event.outcome() == TlsShutdownOutcome.ABORTED != (event.truncated() == TlsShutdownInitiator.LOCAL)) {
			return "Truncated by us, and not aborted, or the other way round";
		}
		if (event.truncated() == TlsShutdownInitiator.PEER && event.initiator() == TlsShutdownInitiator.LOCAL) {
			return "Truncated by a peer that was not first";
		}
		boolean serverFirst = event.initiator() == TlsShutdownInitiator.LOCAL;
		if (serverFirst && event.discardedBytes() > 0 && event.unread() == TlsShutdownUnread.NONE) {
			return "Data was discarded of a peer that was not sending";
		}
		String expected = (event.outcome() == TlsShutdownOutcome.NO_HANDSHAKE) ? TlsShutdownEvent.UNKNOWN_PROTOCOL
				: protocol;
		return event.protocol().equals(expected) ? null : "Protocol is not " + expected;
	}

	private static boolean isConsistent(TlsShutdownEvent event) {
		boolean sent = event.closeNotifySent();
		boolean received = event.closeNotifyReceived();
		return switch (event.outcome()) {
			case SENT -> sent && !received && event.policy() == TlsShutdownPolicy.UNIDIRECTIONAL;
			// The peer may have left before our answer could be written
			case COMPLETED -> received && (sent || event.initiator() == TlsShutdownInitiator.PEER);
			case QUIET -> !sent && event.policy() == TlsShutdownPolicy.QUIET;
			case TIMED_OUT, UNCLEAN, RESET -> !(sent && received);
			case OVERFLOW, FAILED -> !received;
			case ABORTED -> !sent;
			case NO_HANDSHAKE -> !sent && !received;
		};
	}

	/**
	 * Expect what may also follow if the server stops meanwhile. It may close at any
	 * moment of the script, and whoever has its connection closed in the middle gives up.
	 * @param script the connection's script
	 * @param policy what the connection was ended by
	 * @param served whether a request was answered
	 * @return the expectation
	 */
	static Expectation whenServerStops(Script script, TlsShutdownPolicy policy, boolean served) {
		Set<TlsShutdownOutcome> outcomes = EnumSet.of(TlsShutdownOutcome.RESET, TlsShutdownOutcome.UNCLEAN,
				TlsShutdownOutcome.TIMED_OUT, TlsShutdownOutcome.ABORTED, switch (policy) {
					case UNIDIRECTIONAL -> TlsShutdownOutcome.SENT;
					case BIDIRECTIONAL -> TlsShutdownOutcome.COMPLETED;
					case QUIET -> TlsShutdownOutcome.QUIET;
				});
		// While something is left to write, and where the peer is sending, the server
		// reads as it does when it waits
		outcomes.addAll(script.behaviour().expected(script, TlsShutdownPolicy.BIDIRECTIONAL).outcomes());
		if (policy == TlsShutdownPolicy.QUIET) {
			outcomes.remove(TlsShutdownOutcome.COMPLETED);
		}
		if (!served) {
			outcomes.add(TlsShutdownOutcome.NO_HANDSHAKE);
		}
		return script.behaviour()
			.expected(script, policy)
			.or(new Expectation(outcomes, EnumSet.allOf(TlsShutdownInitiator.class)));
	}

}
