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

import java.io.IOException;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.ShutdownTable.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a shutdown under random facts, in random order, against
 * {@link ShutdownTable} and against what must hold whatever comes. A failure names its
 * seed and the facts.
 */
class ShutdownStateModelTests {

	private static final int RUNS = 50_000;

	private static final End[] ENDS = { End.TIME_OVER, End.CONNECTION_BROKEN, End.TLS_BROKEN, End.LIMIT, End.TROUBLE };

	@Test
	void endWhenFactsAreRandomIsThatOfTheTable() {
		Set<TlsShutdownOutcome> outcomes = EnumSet.noneOf(TlsShutdownOutcome.class);
		for (long seed = 1; seed <= RUNS; seed++) {
			Run run = new Run(seed);
			run.begin();
			run.proceed();
			run.conclude();
			outcomes.add(run.state.outcome());
		}
		assertThat(outcomes).containsExactlyInAnyOrder(TlsShutdownOutcome.values());
	}

	@Test
	void truthWhenFactsComeInAnOrderThatNobodyExpectsIsKept() {
		for (long seed = 1; seed <= RUNS; seed++) {
			Run run = new Run(seed);
			for (int facts = run.random.nextInt(4); facts > 0; facts--) {
				run.anyFact();
			}
			run.begin();
			for (int facts = run.random.nextInt(12); facts > 0; facts--) {
				run.anyFact();
				run.checkTruth();
				run.checkStep(run.state.next());
			}
			TlsShutdownOutcome outcome = run.state.outcome();
			run.anyFact();
			assertThat(run.state.outcome()).as(run.toString()).isEqualTo(outcome);
		}
	}

	/** One shutdown, and what it was told. */
	private static final class Run {

		private final Random random;

		private final TlsShutdownPolicy policy;

		private final BeforeClose before;

		private final boolean closeNotifyBefore;

		private final ShutdownState state;

		private final ShutdownTable table;

		private final StringBuilder story = new StringBuilder();

		private boolean waited;

		private boolean peerSends;

		private boolean written;

		Run(long seed) {
			this.random = new Random(seed);
			this.policy = TlsShutdownPolicy.values()[this.random.nextInt(3)];
			boolean linger = this.random.nextBoolean();
			boolean established = !chance(6);
			IOException failure = failure();
			this.before = new BeforeClose(established, chance(5), failure != null && this.random.nextBoolean(), failure,
					chance(5), chance(5), false, null);
			this.closeNotifyBefore = established && chance(4);
			this.state = new ShutdownState(this.policy, linger);
			this.table = new ShutdownTable(this.policy, linger, this.before, this.closeNotifyBefore);
			this.story.append("seed ").append(seed).append(": ").append(this.policy);
			this.story.append(linger ? " lingering, " : ", ").append(this.before);
			this.story.append(this.closeNotifyBefore ? " close_notify:" : ":");
		}

		private @Nullable IOException failure() {
			return chance(5) ? new SSLException("broken record") : chance(5) ? new IOException("reset") : null;
		}

		private boolean chance(int one) {
			return this.random.nextInt(one) == 0;
		}

		void begin() {
			note("begin");
			this.peerSends |= this.before.bodyUnread();
			this.state.begin(this.before, this.closeNotifyBefore);
			assertThat(this.state.farewell()).as(toString()).isEqualTo(this.table.farewell());
		}

		// What those do who drive a shutdown

		void proceed() {
			sayFarewell();
			int steps = 0;
			for (int facts = 0; facts < 30;) {
				checkByTable();
				checkTruth();
				Step step = this.state.next();
				checkStep(step);
				note(step.name());
				assertThat(++steps).as("Steps without a pause: " + this).isLessThanOrEqualTo(3);
				switch (step) {
					case HALF_CLOSE -> {
						this.state.halfClosed();
						this.table.halfClosed();
					}
					case LOOK -> read(false);
					case WAIT -> {
						this.waited = true;
						facts++;
						steps = 0;
						waitForFact();
					}
					case CLOSE -> {
						return;
					}
				}
			}
			end(End.TIME_OVER);
		}

		private void sayFarewell() {
			Farewell farewell = this.state.farewell();
			if (farewell == Farewell.FATAL_ALERT && this.random.nextBoolean()) {
				note("fatal alert given");
				this.state.fatalAlertGiven();
				this.table.fatalAlertOut();
			}
			if (farewell == Farewell.CLOSE_NOTIFY && chance(8)) {
				deaf();
			}
			if (farewell != Farewell.NOTHING && chance(8)) {
				end(this.random.nextBoolean() ? End.CONNECTION_BROKEN : End.TLS_BROKEN);
				return;
			}
			flushed(farewell == Farewell.NOTHING || this.random.nextBoolean());
		}

		private void waitForFact() {
			if (this.state.isReading() && this.random.nextBoolean()) {
				read(true);
			}
			else if (chance(6)) {
				end(ENDS[this.random.nextInt(ENDS.length)]);
			}
			else {
				flushed(chance(3));
			}
		}

		private void read(boolean often) {
			switch (this.random.nextInt(8)) {
				case 0, 1 -> looked(0);
				case 2, 3 -> looked(1 + this.random.nextInt(1000));
				case 4 -> looked(-1);
				case 5 -> {
					looked(often ? 0 : 24);
					closeNotify();
				}
				case 6 -> end(End.CONNECTION_BROKEN);
				case 7 -> end(End.TLS_BROKEN);
			}
		}

		// Facts, told to both

		void anyFact() {
			switch (this.random.nextInt(9)) {
				case 0 -> flushed(this.random.nextBoolean());
				case 1 -> looked(this.random.nextInt(3) - 1);
				case 2 -> closeNotify();
				case 3 -> deaf();
				case 4 -> {
					this.peerSends = true;
					this.state.unreadData();
				}
				case 5 -> this.state.halfClosed();
				case 6 -> {
					if (this.state.farewell() == Farewell.FATAL_ALERT) {
						this.state.fatalAlertGiven();
					}
				}
				default -> {
					if (chance(4)) {
						end(ENDS[this.random.nextInt(ENDS.length)]);
					}
				}
			}
		}

		private void flushed(boolean flushed) {
			note(flushed ? "flushed" : "not flushed");
			this.state.flushed(flushed);
			if (flushed) {
				this.table.written();
				this.written = true;
			}
		}

		private void looked(int received) {
			note("read " + received);
			this.peerSends |= received > 0;
			this.state.looked(received);
			this.table.read(received);
		}

		private void closeNotify() {
			note("close_notify");
			this.state.closeNotifyReceived();
			this.table.closeNotifyRead();
		}

		private void deaf() {
			note("deaf");
			this.state.deaf();
			this.table.deaf();
		}

		private void end(End end) {
			note(end.name());
			this.table.end(end, !this.waited);
			switch (end) {
				case TIME_OVER -> this.state.timeOver(true);
				case CONNECTION_BROKEN -> this.state.broken(false, !this.waited);
				case TLS_BROKEN -> this.state.broken(true, false);
				case LIMIT -> this.state.limitReached();
				case TROUBLE -> this.state.internalError();
				case NONE -> throw new IllegalStateException();
			}
		}

		private void note(String fact) {
			this.story.append(" ").append(fact).append(",");
		}

		// Judgement

		private void checkByTable() {
			assertThat(this.state.next()).as(toString()).isEqualTo(this.table.step());
			assertThat(this.state.isReading()).as("reading: " + this).isEqualTo(this.table.reading());
			assertThat(this.state.isDecrypting()).as("decrypting: " + this).isEqualTo(this.table.decrypting());
			assertThat(this.state.initiator()).as(toString()).isEqualTo(this.table.initiator());
			assertThat(this.state.isCloseNotifySent()).as("sent: " + this).isEqualTo(this.table.closeNotifySent());
			assertThat(this.state.isCloseNotifyReceived()).as("received: " + this)
				.isEqualTo(this.table.closeNotifyReceived());
		}

		private void checkTruth() {
			boolean silent = this.policy == TlsShutdownPolicy.QUIET || this.before.tlsFailed()
					|| !this.before.established() || this.before.responseCut()
					|| (this.before.failure() != null && !this.closeNotifyBefore);
			assertThat(silent && this.state.isCloseNotifySent()).as("close_notify sent: " + this).isFalse();
			assertThat(silent && this.state.farewell() == Farewell.CLOSE_NOTIFY).as("close_notify said: " + this)
				.isFalse();
		}

		private void checkStep(Step step) {
			assertThat(this.state.next()).as("Asked twice: " + this).isEqualTo(step);
			if (step == Step.HALF_CLOSE || step == Step.LOOK) {
				assertThat(this.written).as("Half-closed, or looked, too early: " + this).isTrue();
			}
			if (step == Step.WAIT && this.written) {
				assertThat(this.state.isReading()).as("Waits for nothing: " + this).isTrue();
				boolean forItsAlert = this.policy == TlsShutdownPolicy.BIDIRECTIONAL && this.table.decided() == null;
				assertThat(forItsAlert || this.peerSends).as("Waits for a peer that does not send: " + this).isTrue();
			}
		}

		void conclude() {
			TlsShutdownOutcome outcome = this.state.outcome();
			assertThat(outcome).as(toString()).isEqualTo(this.table.outcome());
			assertThat(this.state.initiator()).as(toString()).isEqualTo(this.table.initiator());
			boolean unheard = this.table.isDeaf() && outcome == TlsShutdownOutcome.SENT;
			assertThat(unheard || outcome.isPossible(this.policy, this.state.initiator())).as("possible: " + this)
				.isTrue();
			if (outcome == TlsShutdownOutcome.COMPLETED) {
				assertThat(this.state.isCloseNotifyReceived()).as("received: " + this).isTrue();
			}
			if (outcome == TlsShutdownOutcome.SENT) {
				assertThat(this.state.isCloseNotifySent()).as("sent: " + this).isTrue();
			}
			anyFact();
			assertThat(this.state.outcome()).as("Final: " + this).isEqualTo(outcome);
			assertThat(this.state.next()).as("Final: " + this).isEqualTo(Step.CLOSE);
		}

		@Override
		public String toString() {
			return this.story.toString();
		}

	}

}
