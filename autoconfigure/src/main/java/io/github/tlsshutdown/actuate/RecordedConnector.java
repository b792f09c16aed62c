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

package io.github.tlsshutdown.actuate;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;

/**
 * A connector, and counts of how its connections have ended since it was started.
 */
final class RecordedConnector {

	private static final int OUTCOMES = TlsShutdownOutcome.values().length;

	private static final int INITIATORS = TlsShutdownInitiator.values().length;

	private final TlsShutdownConnector connector;

	private final Instant since = Instant.now();

	private final LongAdder[] counts = adders(TlsShutdownPolicy.values().length * OUTCOMES * INITIATORS);

	private final LongAdder[] truncated = adders(INITIATORS);

	private final LongAdder[] unread = adders(TlsShutdownUnread.values().length);

	private final Map<String, LongAdder> decisions = new ConcurrentHashMap<>();

	RecordedConnector(TlsShutdownConnector connector) {
		this.connector = connector;
	}

	private static LongAdder[] adders(int number) {
		return Stream.generate(LongAdder::new).limit(number).toArray(LongAdder[]::new);
	}

	TlsShutdownConnector connector() {
		return this.connector;
	}

	Instant since() {
		return this.since;
	}

	void count(TlsShutdownEvent event) {
		this.counts[index(event.policy(), event.outcome(), event.initiator())].increment();
		TlsShutdownInitiator side = event.truncated();
		if (side != null) {
			this.truncated[side.ordinal()].increment();
		}
		this.unread[event.unread().ordinal()].increment();
		// Bounded: the names of rules and resolvers, and three more
		this.decisions.computeIfAbsent(event.decidedBy(), (name) -> new LongAdder()).increment();
	}

	long count(TlsShutdownPolicy policy, TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		return this.counts[index(policy, outcome, initiator)].sum();
	}

	boolean hasEndedBy(TlsShutdownPolicy policy) {
		int first = policy.ordinal() * OUTCOMES * INITIATORS;
		return Arrays.stream(this.counts, first, first + OUTCOMES * INITIATORS).anyMatch((count) -> count.sum() > 0);
	}

	long truncated(TlsShutdownInitiator side) {
		return this.truncated[side.ordinal()].sum();
	}

	long unread(TlsShutdownUnread fate) {
		return this.unread[fate.ordinal()].sum();
	}

	/**
	 * Return for how many connections a rule, resolver or other source chose the policy.
	 * @param name the name used in events
	 * @return the number of connections
	 */
	long decisions(String name) {
		LongAdder decisions = this.decisions.get(name);
		return (decisions != null) ? decisions.sum() : 0;
	}

	private static int index(TlsShutdownPolicy policy, TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		return (policy.ordinal() * OUTCOMES + outcome.ordinal()) * INITIATORS + initiator.ordinal();
	}

}
