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

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Says how a connection has to end, from what its peer does. It knows no engine, no
 * buffer and no selector: it looks at one moment after the other in which anything
 * happens.
 */
final class ShutdownModel {

	/** How much application data of one record a look has room for. */
	static final int SMALL = 512;

	private final Facts facts;

	private final Start start;

	private final long drained;

	/** What the outcome is whatever comes. */
	private @Nullable TlsShutdownOutcome verdict;

	private boolean ownFailure;

	private boolean alertDue;

	private boolean peerFirst;

	private long capacity;

	private long available;

	private boolean end;

	private boolean reset;

	private int replies;

	private int toWrite;

	private int left;

	private int nextRecord;

	private long consumed;

	private long discarded;

	private boolean sending;

	private boolean received;

	private boolean ended;

	private boolean halfClosed;

	private boolean looks;

	private ShutdownModel(Facts facts, Start start, long drained) {
		this.facts = facts;
		this.start = start;
		this.drained = drained;
		this.sending = facts.before().bodyUnread();
		this.received = facts.before().closeNotify();
		this.ended = facts.before().end();
	}

	/**
	 * Predict the end of a connection.
	 * @param facts what its peer does
	 * @param start what the thread that closed it has done
	 * @param drained when the reactor closes whatever is left
	 * @return how it has to end
	 */
	static Expectation predict(Facts facts, Start start, long drained) {
		return new ShutdownModel(facts, start, drained).predict();
	}

	private Expectation predict() {
		long now = this.facts.begin();
		boolean arrived = happen(Long.MIN_VALUE, now);
		Set<TlsShutdownOutcome> outcomes = EnumSet.noneOf(TlsShutdownOutcome.class);
		judgeWhatCameBefore();
		takeFirstSteps(outcomes);
		if (!outcomes.isEmpty()) {
			return expect(now, outcomes, Admission.NOT_NEEDED);
		}
		if (this.start.refused()) {
			return expect(now, EnumSet.of(orVerdict(TlsShutdownOutcome.OVERFLOW)), Admission.REFUSED);
		}
		if (this.start.stopped()) {
			return expect(now, EnumSet.of(timeOver()), Admission.STOPPED);
		}
		long lastProgress = now;
		while (true) {
			boolean flushing = this.left > 0;
			if (write()) {
				lastProgress = now;
			}
			boolean flushed = flushing && this.left == 0;
			if (this.reset && this.left > 0) {
				lose(outcomes);
			}
			else if (reads(flushed)) {
				lastProgress = arrived ? now : lastProgress;
				read(outcomes, flushed);
			}
			conclude(outcomes);
			if (!outcomes.isEmpty()) {
				return expect(now, outcomes, Admission.ADMITTED);
			}
			long deadline = Math.min(
					Math.min(lastProgress + this.facts.timeout(), this.facts.begin() + this.facts.maxWait()),
					this.drained);
			long next = nextMoment(now);
			if (deadline < next) {
				return expect(Math.max(deadline, now), EnumSet.of(timeOver()), Admission.ADMITTED);
			}
			arrived = happen(now, next);
			now = next;
		}
	}

	// Before the close

	private void judgeWhatCameBefore() {
		Before before = this.facts.before();
		boolean dead = before.failed();
		if (!this.received) {
			Kind last = decrypt(this.facts.decryptable(), Integer.MAX_VALUE);
			this.sending |= this.facts.decryptable() > 0 && last != Kind.CLOSE_NOTIFY && !last.fatal && !before.end();
			if (before.failed() && !before.end() && last == Kind.DATA) {
				last = decrypt(this.facts.decryptable() + this.available, Integer.MAX_VALUE);
				dead = this.end || this.reset;
				this.sending |= this.available > 0 && !last.fatal;
			}
			// An engine that has anything to say is taken to be the one that has failed
			this.ownFailure = last == Kind.BROKEN || (last == Kind.FATAL_ALERT && this.replies > 0);
			this.alertDue = last == Kind.BROKEN;
			this.verdict = last.fatal ? TlsShutdownOutcome.FAILED : null;
		}
		dead &= !this.received;
		if (this.verdict == null && dead) {
			this.verdict = TlsShutdownOutcome.RESET;
		}
		this.peerFirst = this.received || before.end() || this.verdict != null;
		if (this.verdict == null && before.cut()) {
			this.verdict = TlsShutdownOutcome.ABORTED;
			this.peerFirst = false;
		}
		this.toWrite = toWrite();
		this.left = this.toWrite;
	}

	private int toWrite() {
		if (this.verdict == TlsShutdownOutcome.ABORTED || this.verdict == TlsShutdownOutcome.RESET) {
			return 0;
		}
		if (this.verdict == null && this.facts.policy() == TlsShutdownPolicy.QUIET) {
			return this.facts.unwritten();
		}
		return this.facts.unwritten() + this.replies
				+ ((this.verdict == null || this.alertDue) ? this.facts.alert() : 0);
	}

	// The thread that closes

	private void takeFirstSteps(Set<TlsShutdownOutcome> outcomes) {
		if (this.verdict == TlsShutdownOutcome.RESET) {
			outcomes.add(this.verdict);
			return;
		}
		if (this.reset && this.left > 0) {
			this.peerFirst |= this.verdict == null;
			this.left -= this.start.written();
			lose(outcomes);
			return;
		}
		this.peerFirst &= !this.ownFailure;
		this.left -= this.start.written();
		this.capacity -= this.start.written();
		this.consumed = this.start.read();
		if (this.verdict == TlsShutdownOutcome.FAILED && !this.ownFailure) {
			// Whoever has sent a fatal alert neither reads nor sends any more
			outcomes.add(this.verdict);
			return;
		}
		if (this.left == 0 && !hasPeerLeft() && (waits() || this.facts.linger())) {
			look(outcomes);
		}
		conclude(outcomes);
	}

	private void look(Set<TlsShutdownOutcome> outcomes) {
		this.looks = true;
		this.halfClosed = waits();
		int looked = this.start.looked();
		if (looked > 0) {
			this.sending = true;
			Kind last = decrypting() ? decrypt(this.facts.decryptable() + this.start.read(), SMALL) : Kind.DATA;
			if (last.fatal) {
				outcomes.add(tlsBroken());
				return;
			}
			this.discarded += decrypting() ? 0 : looked;
		}
		else if (this.reset) {
			outcomes.add(broken());
			return;
		}
		if (this.discarded > this.facts.maxDiscard() && !this.received) {
			outcomes.add(orVerdict(TlsShutdownOutcome.OVERFLOW));
		}
		this.ended = looked <= 0 && this.end;
	}

	// Whoever waits

	private boolean write() {
		long written = Math.min(this.left, this.capacity);
		this.capacity -= written;
		this.left -= (int) written;
		return written > 0;
	}

	/**
	 * What is read until everything is written; then whatever is waited for, and one look
	 * whether there is anything to wait for.
	 */
	private boolean reads(boolean flushed) {
		return !hasPeerLeft() && (waits() || (this.facts.linger() && (this.left > 0 || flushed)));
	}

	private boolean waits() {
		boolean forAlert = this.facts.policy() == TlsShutdownPolicy.BIDIRECTIONAL && this.verdict == null;
		return forAlert || (this.facts.linger() && this.sending);
	}

	private boolean hasPeerLeft() {
		return this.received || this.ended;
	}

	private boolean decrypting() {
		return this.verdict != TlsShutdownOutcome.FAILED;
	}

	private void read(Set<TlsShutdownOutcome> outcomes, boolean flushed) {
		long all = this.facts.decryptable() + this.available;
		long more = this.available - this.consumed;
		this.consumed = this.available;
		this.sending |= more > 0;
		if (!decrypting()) {
			this.discarded += more;
		}
		else if (decrypt(all, Integer.MAX_VALUE).fatal) {
			outcomes.add(tlsBroken());
			if (flushed && this.facts.inParts()) {
				// Whether it is found before all is written depends on how much is
				// written
				// at once
				outcomes.add(orVerdict(TlsShutdownOutcome.FAILED));
			}
		}
		if (this.discarded > this.facts.maxDiscard()) {
			if (this.received) {
				// Whether it is found before the limit is depends on how much is read at
				// once
				outcomes.addAll(EnumSet.allOf(TlsShutdownOutcome.class));
			}
			else {
				outcomes.add(orVerdict(TlsShutdownOutcome.OVERFLOW));
			}
		}
		if (this.reset && !this.received && outcomes.isEmpty()) {
			outcomes.add(broken());
		}
		this.ended = this.end && !this.received && outcomes.isEmpty();
	}

	/**
	 * Find what the kernel still has of a connection that cannot be written to.
	 */
	private void lose(Set<TlsShutdownOutcome> outcomes) {
		boolean open = decrypting() && !this.received;
		Kind last = open ? decrypt(this.facts.decryptable() + this.available, Integer.MAX_VALUE) : Kind.DATA;
		if (last.fatal) {
			outcomes.add(orVerdict(TlsShutdownOutcome.FAILED));
		}
		else {
			outcomes.add(this.received ? told() : orVerdict(TlsShutdownOutcome.RESET));
		}
		if (open && this.discarded > this.facts.maxDiscard()) {
			// How much more is read depends on how much is read at once
			outcomes.addAll(EnumSet.allOf(TlsShutdownOutcome.class));
		}
	}

	private Kind decrypt(long upTo, int room) {
		while (this.nextRecord < this.facts.records().size()) {
			PeerRecord record = this.facts.records().get(this.nextRecord);
			if (record.end() > upTo || record.data() > room) {
				break;
			}
			this.nextRecord++;
			this.discarded += record.data();
			this.replies += record.reply();
			if (record.kind() != Kind.DATA) {
				this.received = record.kind() == Kind.CLOSE_NOTIFY;
				return record.kind();
			}
		}
		return Kind.DATA;
	}

	// Outcomes

	private void conclude(Set<TlsShutdownOutcome> outcomes) {
		if (this.left > 0 || !outcomes.isEmpty()) {
			return;
		}
		if (!hasPeerLeft() && waits()) {
			this.halfClosed = true;
		}
		else {
			outcomes.add(told());
		}
	}

	private TlsShutdownOutcome told() {
		boolean blamed = this.peerFirst || this.facts.policy() == TlsShutdownPolicy.BIDIRECTIONAL;
		if (this.ended && !this.received && blamed) {
			return orVerdict(TlsShutdownOutcome.UNCLEAN);
		}
		return orVerdict((this.facts.policy() == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET
				: this.received ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.SENT);
	}

	private TlsShutdownOutcome timeOver() {
		return isPartDone() ? told() : orVerdict(TlsShutdownOutcome.TIMED_OUT);
	}

	private TlsShutdownOutcome tlsBroken() {
		return isPartDone() ? told() : orVerdict(TlsShutdownOutcome.FAILED);
	}

	private TlsShutdownOutcome broken() {
		return isPartDone() ? told() : orVerdict(TlsShutdownOutcome.RESET);
	}

	private boolean isPartDone() {
		return this.left == 0 && this.facts.policy() != TlsShutdownPolicy.BIDIRECTIONAL;
	}

	private TlsShutdownOutcome orVerdict(TlsShutdownOutcome outcome) {
		return (this.verdict != null) ? this.verdict : outcome;
	}

	private Expectation expect(long at, Set<TlsShutdownOutcome> outcomes, Admission admission) {
		boolean signed = this.verdict == null && this.facts.policy() != TlsShutdownPolicy.QUIET;
		TlsShutdownInitiator initiator = this.peerFirst ? TlsShutdownInitiator.PEER : TlsShutdownInitiator.LOCAL;
		return new Expectation(at, outcomes, admission, initiator, this.looks, this.toWrite, signed,
				signed && this.left == 0, this.received, this.halfClosed, this.discarded);
	}

	// What happens

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

		DATA(false), CLOSE_NOTIFY(false), FATAL_ALERT(true), BROKEN(true);

		private final boolean fatal;

		Kind(boolean fatal) {
			this.fatal = fatal;
		}

		boolean isFatal() {
			return this.fatal;
		}

	}

	/**
	 * What a connection's peer does.
	 *
	 * @param policy how the server ends it
	 * @param linger whether the server lingers
	 * @param begin when it does
	 * @param timeout the longest silence, in nanoseconds
	 * @param maxWait the longest wait, in nanoseconds
	 * @param maxDiscard the most data discarded
	 * @param before what the server has met before
	 * @param unwritten number of bytes of data to write
	 * @param alert number of bytes of an alert
	 * @param inParts whether less than everything may be read or written at once
	 * @param decryptable number of bytes that were read but not decrypted
	 * @param records the records not decrypted yet
	 * @param acts what the peer does
	 */
	record Facts(TlsShutdownPolicy policy, boolean linger, long begin, long timeout, long maxWait, long maxDiscard,
			Before before, int unwritten, int alert, boolean inParts, int decryptable, List<PeerRecord> records,
			List<PeerAct> acts) {
	}

	/**
	 * What the server has met before the close.
	 *
	 * @param closeNotify whether the peer was first with its alert
	 * @param end whether the peer was first with its FIN
	 * @param failed whether reading or writing has failed
	 * @param cut whether a response was cut off
	 * @param bodyUnread whether a body was not read to its end
	 */
	record Before(boolean closeNotify, boolean end, boolean failed, boolean cut, boolean bodyUnread) {
	}

	/**
	 * A record of the peer's.
	 *
	 * @param kind what it is
	 * @param end number of bytes up to its end
	 * @param data number of bytes of application data
	 * @param reply number of bytes that an engine that is not closed yet has to answer
	 */
	record PeerRecord(Kind kind, int end, int data, int reply) {
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
	 * What the thread that closed a connection has met, and how the sockets took it.
	 *
	 * @param refused whether as many as may wait were waiting
	 * @param stopped whether nobody waits any more
	 * @param written number of bytes written
	 * @param reads how often it read
	 * @param read number of bytes read
	 * @param looked what the last read gave; not positive for nothing
	 * @param over whether the connection had ended when it was done
	 */
	record Start(boolean refused, boolean stopped, int written, int reads, int read, int looked, boolean over) {
	}

	/**
	 * How a connection has to end.
	 *
	 * @param at when
	 * @param outcomes what may be told of it; more than one where it is decided by the
	 * size of single reads or writes
	 * @param admission whether the reactor has to take over
	 * @param initiator who has to be told to have been first
	 * @param looks whether the thread that closes has to look at the socket
	 * @param toWrite number of bytes that are to be written
	 * @param signed whether the last of them are a close_notify
	 * @param sent whether the close_notify was sent
	 * @param received whether the peer's was received
	 * @param halfClosed whether the connection has to have been half-closed
	 * @param discarded number of bytes discarded
	 */
	record Expectation(long at, Set<TlsShutdownOutcome> outcomes, Admission admission, TlsShutdownInitiator initiator,
			boolean looks, int toWrite, boolean signed, boolean sent, boolean received, boolean halfClosed,
			long discarded) {
	}

}
