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

package io.github.tlsshutdown.nio;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Says how a connection has to end, from what its peer does. It knows no engine, no
 * buffer and no selector: it looks at one moment after the other in which anything
 * happens.
 */
final class ShutdownModel {

	private final Facts facts;

	private final Start start;

	private final long drained;

	private long capacity;

	private long available;

	private boolean end;

	private boolean reset;

	private int left;

	private int nextRecord;

	private long discarded;

	private boolean received;

	private boolean ended;

	private boolean halfClosed;

	private ShutdownModel(Facts facts, Start start, long drained) {
		this.facts = facts;
		this.start = start;
		this.drained = drained;
		this.left = facts.toWrite();
		this.available = facts.decryptable();
		this.received = facts.closeNotifyBefore();
		this.ended = facts.endBefore();
	}

	/**
	 * Predict the end of a connection.
	 * @param facts what its peer does
	 * @param start what was left when the thread that closed it was done
	 * @param drained when the reactor closes whatever is left
	 * @return how it has to end
	 */
	static Expectation predict(Facts facts, Start start, long drained) {
		return new ShutdownModel(facts, start, drained).predict();
	}

	private Expectation predict() {
		long now = this.facts.begin();
		boolean arrived = happen(Long.MIN_VALUE, now);
		if (this.reset && this.left > 0) {
			return expect(now, TlsShutdownOutcome.RESET);
		}
		if (this.start.admission() == Admission.REFUSED || this.start.admission() == Admission.STOPPED) {
			this.left = this.start.left();
			return expect(now, (this.start.admission() == Admission.REFUSED) ? TlsShutdownOutcome.OVERFLOW
					: TlsShutdownOutcome.TIMED_OUT);
		}
		long lastProgress = now;
		while (true) {
			Set<TlsShutdownOutcome> outcomes = EnumSet.noneOf(TlsShutdownOutcome.class);
			if (write()) {
				lastProgress = now;
			}
			if (this.reset && this.left > 0) {
				return expect(now, TlsShutdownOutcome.RESET);
			}
			if (reads()) {
				if (this.reset) {
					return expect(now, TlsShutdownOutcome.RESET);
				}
				lastProgress = arrived ? now : lastProgress;
				read(outcomes);
			}
			conclude(outcomes);
			if (!outcomes.isEmpty()) {
				return new Expectation(now, outcomes, sent(), this.halfClosed, this.discarded);
			}
			long deadline = Math.min(
					Math.min(lastProgress + this.facts.timeout(), this.facts.begin() + this.facts.maxWait()),
					this.drained);
			long next = nextMoment(now);
			if (deadline < next) {
				return expect(Math.max(deadline, now), TlsShutdownOutcome.TIMED_OUT);
			}
			arrived = happen(now, next);
			now = next;
		}
	}

	private boolean write() {
		long written = Math.min(this.left, this.capacity);
		this.capacity -= written;
		this.left -= (int) written;
		return written > 0;
	}

	private boolean reads() {
		return this.facts.policy() == TlsShutdownPolicy.BIDIRECTIONAL && !this.received && !this.ended;
	}

	private void read(Set<TlsShutdownOutcome> outcomes) {
		while (this.nextRecord < this.facts.records().size() && !this.received && outcomes.isEmpty()
				&& this.facts.records().get(this.nextRecord).end() <= this.available) {
			PeerRecord record = this.facts.records().get(this.nextRecord++);
			this.discarded += record.data();
			switch (record.kind()) {
				case DATA -> {
				}
				case CLOSE_NOTIFY -> this.received = true;
				case FATAL -> outcomes.add(TlsShutdownOutcome.FAILED);
			}
		}
		if (this.discarded > this.facts.maxDiscard()) {
			if (this.received) {
				// Whether it is found before the limit is depends on how much is read at
				// once
				outcomes.addAll(EnumSet.allOf(TlsShutdownOutcome.class));
			}
			else {
				outcomes.add(TlsShutdownOutcome.OVERFLOW);
			}
		}
		this.ended = this.end && !this.received && outcomes.isEmpty();
	}

	private void conclude(Set<TlsShutdownOutcome> outcomes) {
		if (this.left > 0 || !outcomes.isEmpty()) {
			return;
		}
		if (this.received) {
			outcomes.add((this.facts.policy() == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET
					: TlsShutdownOutcome.COMPLETED);
		}
		else if (this.ended) {
			outcomes.add(TlsShutdownOutcome.UNCLEAN);
		}
		else {
			switch (this.facts.policy()) {
				case QUIET -> outcomes.add(TlsShutdownOutcome.QUIET);
				case UNIDIRECTIONAL -> outcomes.add(TlsShutdownOutcome.SENT);
				case BIDIRECTIONAL -> this.halfClosed = true;
			}
		}
	}

	private boolean sent() {
		return this.left == 0 && this.facts.policy() != TlsShutdownPolicy.QUIET;
	}

	private Expectation expect(long at, TlsShutdownOutcome outcome) {
		return new Expectation(at, EnumSet.of(outcome), sent(), this.halfClosed, this.discarded);
	}

	private boolean happen(long after, long until) {
		boolean arrived = false;
		for (PeerAct act : this.facts.acts()) {
			if (act.at() > after && act.at() <= until) {
				switch (act.kind()) {
					case SEND -> {
						this.available += act.bytes();
						arrived |= act.bytes() > 0;
					}
					case TAKE -> this.capacity += act.bytes();
					case END -> this.end = true;
					case RESET -> this.reset = true;
				}
			}
		}
		return arrived;
	}

	private long nextMoment(long now) {
		return this.facts.acts().stream().mapToLong(PeerAct::at).filter((at) -> at > now).min().orElse(Long.MAX_VALUE);
	}

	/** What can become of a connection when the first steps are done. */
	enum Admission {

		NOT_NEEDED, ADMITTED, REFUSED, STOPPED

	}

	/** What a peer does at one moment. */
	enum Act {

		SEND, TAKE, END, RESET

	}

	/** What a record is to the one who reads it. */
	enum Kind {

		DATA, CLOSE_NOTIFY, FATAL

	}

	/**
	 * What a connection's peer does.
	 *
	 * @param policy how the server ends it
	 * @param begin when it does
	 * @param timeout the longest silence, in nanoseconds
	 * @param maxWait the longest wait, in nanoseconds
	 * @param maxDiscard the most data discarded
	 * @param closeNotifyBefore whether the peer was first with its alert
	 * @param endBefore whether the peer was first with its FIN
	 * @param toWrite number of bytes to write, the alert included
	 * @param decryptable number of bytes that were read but not decrypted
	 * @param records the records not decrypted yet
	 * @param acts what the peer does
	 */
	record Facts(TlsShutdownPolicy policy, long begin, long timeout, long maxWait, long maxDiscard,
			boolean closeNotifyBefore, boolean endBefore, int toWrite, int decryptable, List<PeerRecord> records,
			List<PeerAct> acts) {
	}

	/**
	 * A record of the peer's.
	 *
	 * @param kind what it is
	 * @param end number of bytes up to its end
	 * @param data number of bytes of application data
	 */
	record PeerRecord(Kind kind, int end, int data) {
	}

	/**
	 * Something that the peer does.
	 *
	 * @param at when
	 * @param kind what
	 * @param bytes how many bytes it sends or takes
	 */
	record PeerAct(long at, Act kind, long bytes) {
	}

	/**
	 * The state when the first steps are done.
	 *
	 * @param admission whether the reactor took over
	 * @param left number of bytes not written
	 */
	record Start(Admission admission, int left) {
	}

	/**
	 * How a connection has to end.
	 *
	 * @param at when
	 * @param outcomes what may be told of it; more than one where it is decided by the
	 * size of single reads
	 * @param sent whether the alert was sent
	 * @param halfClosed whether the connection has to have been half-closed
	 * @param discarded number of bytes discarded
	 */
	record Expectation(long at, Set<TlsShutdownOutcome> outcomes, boolean sent, boolean halfClosed, long discarded) {
	}

}
