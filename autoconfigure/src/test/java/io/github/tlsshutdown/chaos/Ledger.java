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

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Has an entry for every connection that is open, and compares the connection's event
 * with what its script expects. An address must not be used again before its entry is
 * gone. What has ended is counted and forgotten.
 */
final class Ledger {

	private final Failures failures;

	private final Map<InetSocketAddress, Entry> entries = new ConcurrentHashMap<>();

	private final AtomicLong events = new AtomicLong();

	private final AtomicLongArray outcomes = new AtomicLongArray(TlsShutdownOutcome.values().length);

	/** Connections that could have one outcome only. */
	private final AtomicLongArray certain = new AtomicLongArray(TlsShutdownOutcome.values().length);

	/** Connections that could have this outcome or another. */
	private final AtomicLongArray possible = new AtomicLongArray(TlsShutdownOutcome.values().length);

	private volatile boolean stopping;

	Ledger(Failures failures) {
		this.failures = failures;
	}

	/**
	 * Note a connection that is about to be made.
	 * @param address the peer's address
	 * @param script what will be played
	 * @param policies the server's changes of policy
	 * @return the entry
	 */
	Entry open(InetSocketAddress address, Script script, PolicyChanges policies) {
		Entry entry = new Entry(script, policies);
		if (this.entries.put(address, entry) != null) {
			this.failures.add("Address used twice: " + address + " for " + script, null);
		}
		return entry;
	}

	/**
	 * Forget a connection that could not be made.
	 * @param address the peer's address
	 */
	void cancel(InetSocketAddress address) {
		this.entries.remove(address);
	}

	void accepted(InetSocketAddress address) {
		Entry entry = this.entries.get(address);
		if (entry == null) {
			this.failures.add("Accepted a connection that nobody has made, from " + address, null);
		}
		else if (entry.accepted.incrementAndGet() > 1) {
			this.failures.add("Accepted twice: " + entry.script, null);
		}
	}

	void ended(TlsShutdownEvent event) {
		this.events.incrementAndGet();
		this.outcomes.incrementAndGet(event.outcome().ordinal());
		InetSocketAddress address = event.remoteAddress();
		Entry entry = (address != null) ? this.entries.remove(address) : null;
		if (entry == null) {
			this.failures.add("Event of no connection, or a second one: " + event, null);
			return;
		}
		String wrong = entry.wrong(event);
		if (wrong != null) {
			this.failures.add(wrong + ": " + event + " of " + entry.script, null);
		}
		entry.event = event;
		entry.ended.countDown();
	}

	/**
	 * From now on the server may close any connection at any time.
	 */
	void serverStops() {
		this.stopping = true;
	}

	/**
	 * No event is to come any more: every connection that was accepted must have had one.
	 */
	void serverHasStopped() {
		this.entries.values().forEach((entry) -> {
			if (entry.accepted.get() > 0) {
				this.failures.add("Accepted, but not told of: " + entry.script, null);
			}
			entry.ended.countDown();
		});
		this.entries.clear();
	}

	long events() {
		return this.events.get();
	}

	/**
	 * Return the connections that are not told of yet.
	 * @return their number
	 */
	int open() {
		return this.entries.size();
	}

	/**
	 * Compare the number of connections for each outcome with the scripts' expectations.
	 * @return what is wrong, if anything
	 */
	List<String> wrongTotals() {
		List<String> wrong = new ArrayList<>();
		for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
			long least = this.certain.get(outcome.ordinal());
			long most = least + this.possible.get(outcome.ordinal());
			long actual = this.outcomes.get(outcome.ordinal());
			if (actual < least || actual > most) {
				wrong.add(actual + " times " + outcome + " rather than " + least + " to " + most);
			}
		}
		return wrong;
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
			text.append(outcome).append(' ').append(this.outcomes.get(outcome.ordinal())).append(", ");
		}
		return text.append("in all ").append(this.events).toString();
	}

	/**
	 * One connection.
	 */
	final class Entry {

		private final Script script;

		private final PolicyChanges policies;

		private final long changesBefore;

		private final AtomicInteger accepted = new AtomicInteger();

		private final CountDownLatch ended = new CountDownLatch(1);

		private volatile @Nullable TlsShutdownEvent event;

		private volatile boolean served;

		private volatile @Nullable TlsShutdownPolicy requested;

		private Entry(Script script, PolicyChanges policies) {
			this.script = script;
			this.policies = policies;
			this.changesBefore = policies.made();
		}

		/**
		 * A request was answered.
		 * @param requested what it has said of the connection's end
		 */
		void served(@Nullable TlsShutdownPolicy requested) {
			if (requested != null) {
				this.requested = requested;
			}
			this.served = true;
		}

		/**
		 * A request that is about to be made says that its own response is cut off, and
		 * no more which policy is to be used.
		 */
		void abortRequested() {
			this.requested = null;
		}

		boolean hasEnded() {
			return this.ended.getCount() == 0;
		}

		boolean awaitEnd() throws InterruptedException {
			return this.ended.await(60, TimeUnit.SECONDS);
		}

		/**
		 * Return what the connection's end was told of as.
		 * @return the event, or {@code null} if there is none
		 */
		@Nullable TlsShutdownEvent event() {
			return this.event;
		}

		private @Nullable String wrong(TlsShutdownEvent event) {
			Set<TlsShutdownPolicy> policies = policies(event);
			Expectation expectation = Ledger.this.stopping
					? EventRules.whenServerStops(this.script, event.policy(), this.served)
					: this.script.behaviour().expected(this.script, event.policy());
			count(expectation.outcomes());
			if (this.accepted.get() != 1) {
				return "Not accepted";
			}
			if (!policies.contains(event.policy())) {
				return "Policy not among " + policies;
			}
			String mismatch = expectation.mismatch(event);
			return (mismatch != null) ? mismatch : EventRules.contradiction(event, this.script.protocol());
		}

		private void count(Set<TlsShutdownOutcome> outcomes) {
			AtomicLongArray counts = (outcomes.size() == 1) ? Ledger.this.certain : Ledger.this.possible;
			outcomes.forEach((outcome) -> counts.incrementAndGet(outcome.ordinal()));
		}

		private Set<TlsShutdownPolicy> policies(TlsShutdownEvent event) {
			TlsShutdownPolicy requested = this.requested;
			TlsShutdownPolicy ruled = this.script.ruledPolicy();
			if (ruled != null && event.outcome() != TlsShutdownOutcome.NO_HANDSHAKE) {
				return EnumSet.of(ruled);
			}
			if (requested != null && !Ledger.this.stopping) {
				return EnumSet.of(requested);
			}
			Set<TlsShutdownPolicy> policies = EnumSet.copyOf(this.policies.since(this.changesBefore));
			TlsShutdownPolicy mayBeRequested = this.script.requestedPolicy();
			if (mayBeRequested != null && Ledger.this.stopping) {
				// A server that stops may close before the answered request has been
				// handled, or when it has but its answer has not arrived
				policies.add(mayBeRequested);
			}
			return policies;
		}

	}

}
