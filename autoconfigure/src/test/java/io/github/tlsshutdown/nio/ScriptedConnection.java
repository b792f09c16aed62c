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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.Decision;
import io.github.tlsshutdown.testsupport.TlsPair;

/**
 * A connection with a random past and a random peer, and the judgement of its end.
 */
final class ScriptedConnection {

	private static final int ENOUGH = 1 << 20;

	private final ScriptedWorld world;

	private final Random random;

	private final Style style;

	private final int port;

	private final String protocol;

	private final TlsPair pair;

	private final ScriptedChannel channel;

	private final SSLEngine engine;

	private final TlsShutdownSettings settings;

	private final ShutdownModel.Facts facts;

	private final ByteArrayOutputStream plain = new ByteArrayOutputStream();

	private byte[] encrypted = {};

	private byte[] unwritten = {};

	private byte[] netIn = {};

	private boolean closeNotifyBefore;

	private boolean endBefore;

	private final boolean abort;

	private int alreadyWritten;

	private boolean clientFailed;

	private String story = "";

	private boolean begun;

	private ShutdownModel.@Nullable Start start;

	private long beganAt;

	private long endedAt;

	private final List<TlsShutdownEvent> events = new ArrayList<>();

	ScriptedConnection(ScriptedWorld world, int port, int maxPending, Style style, UnaryOperator<SSLEngine> engines) {
		this.world = world;
		this.random = world.random();
		this.style = style;
		this.port = port;
		this.protocol = this.random.nextBoolean() ? "TLSv1.3" : "TLSv1.2";
		this.pair = TlsPair.of(this.protocol);
		this.engine = engines.apply(this.pair.server());
		TlsShutdownPolicy policy = (style == Style.ENDLESS || this.random.nextInt(5) < 3)
				? TlsShutdownPolicy.BIDIRECTIONAL
				: this.random.nextBoolean() ? TlsShutdownPolicy.UNIDIRECTIONAL : TlsShutdownPolicy.QUIET;
		long begin = moment(5);
		long timeout = span(4);
		long maxWait = timeout + this.random.nextInt(5) * ScriptedWorld.TICK;
		boolean failed = style != Style.ENDLESS && this.random.nextInt(8) == 0;
		// How much of the rest is read after a failure would depend on the size of single
		// reads
		long maxDiscard = (failed || this.random.nextBoolean()) ? 4 * ENOUGH : 1 + this.random.nextInt(30_000);
		boolean linger = this.random.nextBoolean();
		this.settings = TlsShutdownSettings.builder()
			.policy(policy)
			.linger(linger)
			.timeout(Duration.ofNanos(timeout))
			.maxWait(Duration.ofNanos(maxWait))
			.maxPending(maxPending)
			.maxDiscard(maxDiscard)
			.build();
		int[] parts = world.isBusy() ? new int[] { 0, 40_000 } : new int[] { 0, 0, 7, 1000, 40_000 };
		int largestPart = parts[this.random.nextInt(parts.length)];
		this.channel = ScriptedChannel.create(world, port, largestPart);
		List<ShutdownModel.PeerAct> acts = new ArrayList<>();
		planOutput();
		List<ShutdownModel.PeerRecord> records = planInput(acts);
		planCapacity(this.unwritten.length + alertLength(), acts);
		ShutdownModel.Before before = new ShutdownModel.Before(this.closeNotifyBefore, this.endBefore, failed,
				this.random.nextInt(6) == 0, this.random.nextInt(4) == 0);
		this.abort = before.cut() && this.random.nextBoolean();
		this.facts = new ShutdownModel.Facts(policy, linger, begin, timeout, maxWait, maxDiscard, before,
				this.unwritten.length, alertLength(), largestPart != 0, this.netIn.length, records, List.copyOf(acts));
		acts.forEach((act) -> world.at(act.at(), () -> perform(act)));
		world.at(begin, this::begin);
	}

	private void planOutput() {
		this.encrypted = new byte[0];
		for (int i = this.random.nextInt(3); i > 0; i--) {
			byte[] data = bytes(1 + this.random.nextInt((this.random.nextInt(4) == 0) ? 15_000 : 500));
			this.plain.writeBytes(data);
			this.encrypted = concat(this.encrypted, TlsPair.encrypt(this.pair.server(), data));
		}
		int written = this.random.nextInt(this.encrypted.length + 1);
		this.channel.alreadyWritten(Arrays.copyOf(this.encrypted, written));
		this.alreadyWritten = written;
		this.unwritten = Arrays.copyOfRange(this.encrypted, written, this.encrypted.length);
	}

	private List<ShutdownModel.PeerRecord> planInput(List<ShutdownModel.PeerAct> acts) {
		List<ShutdownModel.PeerRecord> records = new ArrayList<>();
		byte[] stream = {};
		boolean before = this.random.nextInt(3) == 0;
		int count = (this.style == Style.ENDLESS) ? 0 : this.random.nextInt(5);
		for (int i = 0; i < count; i++) {
			before &= this.random.nextBoolean();
			if (!before && this.protocol.equals("TLSv1.3") && this.random.nextInt(6) == 0) {
				byte[] update = TlsPair.renegotiate(this.pair.client());
				stream = add(records, stream, update, ShutdownModel.Kind.DATA, 0, update.length);
				this.story += " update";
				continue;
			}
			byte[] data = bytes(dataLength());
			byte[] record = TlsPair.encrypt(this.pair.client(), data);
			this.story += " " + data.length + (before ? "(read)" : "");
			if (before) {
				decryptBefore(record);
			}
			else {
				stream = add(records, stream, record, ShutdownModel.Kind.DATA, data.length, 0);
			}
		}
		boolean nothingLeft = stream.length == 0;
		Ending ending = Ending.values()[this.random.nextInt(Ending.values().length)];
		boolean endingBefore = nothingLeft && this.random.nextInt(3) == 0;
		if (this.style == Style.ENDLESS) {
			ending = Ending.NONE;
		}
		this.story += " " + ending + (endingBefore ? "(read)" : "");
		switch (ending) {
			case CLOSE_NOTIFY, CLOSE_NOTIFY_AND_FIN, CLOSE_NOTIFY_AND_RESET -> {
				byte[] alert = TlsPair.closeNotify(this.pair.client());
				if (endingBefore) {
					decryptBefore(alert);
					this.closeNotifyBefore = true;
				}
				else {
					stream = add(records, stream, alert, ShutdownModel.Kind.CLOSE_NOTIFY, 0, 0);
					if (this.random.nextInt(4) == 0) {
						stream = concat(stream, bytes(1 + this.random.nextInt(50)));
					}
				}
			}
			case FATAL_ALERT -> {
				stream = add(records, stream, TlsPair.fatalAlert(this.pair.client()), ShutdownModel.Kind.FATAL_ALERT, 0,
						0);
				this.clientFailed = true;
			}
			case CORRUPT -> {
				byte[] record = TlsPair.encrypt(this.pair.client(), bytes(100));
				record[5 + this.random.nextInt(record.length - 5)] ^= 1;
				stream = add(records, stream, record, ShutdownModel.Kind.BROKEN, 0, 0);
			}
			case FIN -> this.endBefore = endingBefore;
			case RESET, NONE -> {
			}
		}
		int leftover = switch (this.random.nextInt(4)) {
			case 0, 1 -> 0;
			case 2 -> this.random.nextInt(stream.length + 1);
			default -> stream.length;
		};
		this.netIn = Arrays.copyOf(stream, Math.min(16_000, leftover));
		boolean endSeen = ending == Ending.FIN || ending == Ending.CLOSE_NOTIFY_AND_FIN;
		this.endBefore |= endSeen && !nothingLeft && this.netIn.length == stream.length && this.random.nextBoolean();
		byte[] incoming = Arrays.copyOfRange(stream, this.netIn.length, stream.length);
		this.channel.setIncoming(incoming);
		long last = 0;
		for (int left = incoming.length; left > 0;) {
			int part = this.random.nextBoolean() ? left : 1 + this.random.nextInt(left);
			last += moment(4);
			acts.add(new ShutdownModel.PeerAct(last, ShutdownModel.Act.SEND, part));
			left -= part;
		}
		if (ending == Ending.CLOSE_NOTIFY_AND_FIN || ending == Ending.FIN) {
			last = this.endBefore ? 0 : last + moment(3);
			acts.add(new ShutdownModel.PeerAct(last, ShutdownModel.Act.END, 0));
		}
		else if (ending == Ending.RESET || ending == Ending.CLOSE_NOTIFY_AND_RESET) {
			acts.add(new ShutdownModel.PeerAct(last + ScriptedWorld.TICK + moment(3), ShutdownModel.Act.RESET, 0));
		}
		else if (this.style == Style.ENDLESS) {
			this.channel.setEndless(() -> TlsPair.encrypt(this.pair.client(), new byte[2_000]), 400_000);
		}
		return records;
	}

	private void planCapacity(int toWrite, List<ShutdownModel.PeerAct> acts) {
		long last = 0;
		int first = switch (this.random.nextInt(4)) {
			case 0 -> 0;
			case 1 -> this.random.nextInt(toWrite + 1);
			default -> ENOUGH;
		};
		acts.add(new ShutdownModel.PeerAct(0, ShutdownModel.Act.TAKE, first));
		for (int i = this.random.nextInt(4); i > 0; i--) {
			last += moment(4);
			long at = last;
			int bytes = 1 + this.random.nextInt(toWrite + 1);
			// Which of the two were first would be left to chance
			if (acts.stream().noneMatch((act) -> act.kind() == ShutdownModel.Act.RESET && act.at() == at)) {
				acts.add(new ShutdownModel.PeerAct(at, ShutdownModel.Act.TAKE, bytes));
			}
		}
	}

	private int dataLength() {
		int length = 1 + this.random.nextInt((this.random.nextInt(3) == 0) ? 16_000 : 100);
		// Engines do not use the very last bytes of the room they have
		return (Math.abs(length - ShutdownModel.SMALL) < 32) ? 2 * ShutdownModel.SMALL : length;
	}

	private byte[] add(List<ShutdownModel.PeerRecord> records, byte[] stream, byte[] record, ShutdownModel.Kind kind,
			int data, int reply) {
		byte[] longer = concat(stream, record);
		records.add(new ShutdownModel.PeerRecord(kind, longer.length, data, reply));
		return longer;
	}

	private void decryptBefore(byte[] record) {
		try {
			TlsPair.decrypt(this.pair.server(), record);
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private int alertLength() {
		return this.protocol.equals("TLSv1.3") ? 40 : 31;
	}

	private void perform(ShutdownModel.PeerAct act) {
		switch (act.kind()) {
			case SEND -> this.channel.arrive((int) act.bytes());
			case TAKE -> this.channel.take(act.bytes());
			case END -> this.channel.end();
			case RESET -> this.channel.reset();
		}
	}

	private void begin() {
		this.begun = true;
		this.beganAt = this.world.elapsed();
		int pending = this.world.connector().getPending();
		boolean refused = pending >= this.settings.maxPending();
		boolean stopped = this.world.isStopped() && this.world.isLoopOver();
		if (pending != this.world.waiting()) {
			this.world.defect(pending + " are pending, not " + this.world.waiting());
		}
		ByteBuffer netIn = ByteBuffer.allocate(33_000).put(this.netIn);
		ByteBuffer netOut = ByteBuffer.allocate(Math.max(33_000, this.unwritten.length)).put(this.unwritten).flip();
		ShutdownModel.Before before = this.facts.before();
		BeforeClose signs = new BeforeClose(true, before.end(), false,
				before.failed() ? new IOException("Failed before") : null, before.cut() && !this.abort,
				before.bodyUnread(), false, null);
		new ConnectionShutdown(this.world.connector(), new SocketTransport(this.channel, this.world.connector()),
				this.engine, new Decision(this.settings, Decision.BY_PROPERTY), null, this.abort)
			.begin(signs, netIn, netOut);
		this.start = new ShutdownModel.Start(refused, stopped, this.channel.written().length - this.alreadyWritten,
				this.channel.reads(), this.channel.bytesRead(), this.channel.lastRead(), !this.events.isEmpty());
	}

	boolean isWaiting() {
		return this.begun && this.start != null && this.events.isEmpty();
	}

	void ended(TlsShutdownEvent event) {
		this.endedAt = this.world.elapsed();
		this.events.add(event);
		if (this.channel.isOpen()) {
			this.world.defect(this.port + " told of before it was closed");
		}
	}

	/**
	 * Judge the end.
	 * @param slack how late the reactor may be, in nanoseconds
	 */
	void judge(long slack) {
		check(this.events.size() == 1, "has " + this.events.size() + " events");
		check(!this.channel.isOpen(), "is open");
		if (this.events.isEmpty() || this.start == null) {
			return;
		}
		TlsShutdownEvent event = this.events.get(0);
		ShutdownModel.Expectation expected = ShutdownModel.predict(this.facts, this.start, this.world.drained());
		check(event.policy() == this.settings.policy() && event.protocol().equals(this.protocol), "policy, protocol");
		judgeTime(event, expected, slack);
		if (this.style == Style.DEGRADED) {
			judgeDegraded(event, expected);
			return;
		}
		judgeFirstSteps(this.start, expected);
		judgeTruth(event, expected);
		judgeBytes(event, expected);
		if (this.style == Style.EXACT) {
			judgeByModel(event, expected, slack);
		}
	}

	private void judgeTime(TlsShutdownEvent event, ShutdownModel.Expectation expected, long slack) {
		long progress = Math.max(this.beganAt, this.channel.lastProgress());
		long deadline = Math.min(Math.min(progress + this.facts.timeout(), this.beganAt + this.facts.maxWait()),
				this.world.drained());
		check(this.endedAt <= Math.max(deadline, this.beganAt) + slack, "ended late: deadline " + deadline / 1000);
		if (event.outcome() == TlsShutdownOutcome.TIMED_OUT
				&& expected.admission() != ShutdownModel.Admission.STOPPED) {
			check(this.endedAt >= deadline, "timed out early: deadline " + deadline / 1000);
		}
		check(event.duration().toNanos() <= this.endedAt - this.beganAt, "duration");
	}

	private void judgeFirstSteps(ShutdownModel.Start start, ShutdownModel.Expectation expected) {
		check(start.over() == (expected.admission() != ShutdownModel.Admission.ADMITTED),
				expected.admission() + " but ended: " + start.over());
		boolean broken = this.facts.before().failed() || this.facts.acts()
			.stream()
			.anyMatch((act) -> act.kind() == ShutdownModel.Act.RESET && act.at() <= this.facts.begin());
		check(broken || start.reads() == (expected.looks() ? 1 : 0), "looks: " + expected.looks());
	}

	private void judgeTruth(TlsShutdownEvent event, ShutdownModel.Expectation expected) {
		long read = this.netIn.length + this.channel.bytesRead();
		boolean closeNotify = this.closeNotifyBefore || hasRead(read, ShutdownModel.Kind.CLOSE_NOTIFY);
		// Whoever only looks does not decrypt everything, nor does anybody beyond the
		// limit
		boolean received = (expected.admission() == ShutdownModel.Admission.ADMITTED) ? closeNotify
				: expected.received();
		boolean limited = event.discardedBytes() > this.facts.maxDiscard();
		check(event.closeNotifyReceived() == received || (limited && !event.closeNotifyReceived()),
				"close_notify received: " + received);
		switch (event.outcome()) {
			case COMPLETED -> check(closeNotify && (event.closeNotifySent() || has(ShutdownModel.Act.RESET)),
					"completed without alerts");
			case FAILED -> check(hasRead(read, ShutdownModel.Kind.FATAL_ALERT, ShutdownModel.Kind.BROKEN),
					"failed without a failure");
			case UNCLEAN -> check(has(ShutdownModel.Act.END), "unclean without the peer's end");
			case RESET ->
				check(has(ShutdownModel.Act.RESET) || (this.facts.before().failed() && has(ShutdownModel.Act.END)),
						"reset by nobody");
			case SENT -> check(event.policy() == TlsShutdownPolicy.UNIDIRECTIONAL, "did not wait");
			case QUIET -> check(event.policy() == TlsShutdownPolicy.QUIET, "not quiet");
			case OVERFLOW -> check(expected.admission() == ShutdownModel.Admission.REFUSED
					|| event.discardedBytes() > this.facts.maxDiscard(), "no overflow");
			case ABORTED -> check(this.facts.before().cut(), "nothing was cut");
			case TIMED_OUT -> {
			}
			case NO_HANDSHAKE -> check(false, "there was a handshake");
		}
		check(event.discardedBytes() <= this.facts.maxDiscard() + 64 * 1024, "discarded too much");
	}

	private void judgeDegraded(TlsShutdownEvent event, ShutdownModel.Expectation expected) {
		long read = this.netIn.length + this.channel.bytesRead();
		boolean closeNotify = this.closeNotifyBefore || hasRead(read, ShutdownModel.Kind.CLOSE_NOTIFY);
		check(!event.closeNotifyReceived() || closeNotify, "close_notify received from nobody");
		check(event.outcome() != TlsShutdownOutcome.COMPLETED
				|| (event.closeNotifyReceived() && (event.closeNotifySent() || has(ShutdownModel.Act.RESET))),
				"completed without alerts");
		boolean signed = expected.signed() && this.channel.written().length == total(expected);
		check(!event.closeNotifySent() || signed, "close_notify sent: " + signed);
	}

	private int total(ShutdownModel.Expectation expected) {
		return this.alreadyWritten + expected.toWrite();
	}

	private boolean hasRead(long bytes, ShutdownModel.Kind... kinds) {
		return this.facts.records()
			.stream()
			.anyMatch((record) -> List.of(kinds).contains(record.kind()) && record.end() <= bytes);
	}

	private boolean has(ShutdownModel.Act act) {
		return this.facts.acts().stream().anyMatch((candidate) -> candidate.kind() == act);
	}

	private void judgeBytes(TlsShutdownEvent event, ShutdownModel.Expectation expected) {
		byte[] written = this.channel.written();
		int data = Math.min(written.length, this.encrypted.length);
		check(Arrays.equals(written, 0, data, this.encrypted, 0, data), "wrote other bytes than were left");
		boolean whole = written.length == total(expected);
		boolean signed = whole && expected.signed();
		check(event.closeNotifySent() == signed, "close_notify sent: " + signed);
		check(written.length <= total(expected), "wrote more than there was");
		check(!this.channel.isOutputShut() || whole, "half-closed before all was out");
		boolean waits = event.policy() == TlsShutdownPolicy.BIDIRECTIONAL && !this.facts.before().cut();
		check(!this.channel.isOutputShut() || waits || this.settings.linger(), "half-closed for nobody");
		boolean failed = hasRead(Long.MAX_VALUE, ShutdownModel.Kind.BROKEN) && !expected.signed();
		if (this.clientFailed || (failed && written.length > this.encrypted.length)) {
			return;
		}
		try {
			TlsPair.Received received = TlsPair.decrypt(this.pair.client(), written);
			byte[] expectedData = this.plain.toByteArray();
			check(Arrays.equals(received.data(), 0, received.data().length, expectedData, 0,
					Math.min(received.data().length, expectedData.length)), "the peer decrypts other data");
			check(received.closeNotify() == signed, "the peer finds a close_notify: " + received.closeNotify());
			check(!signed || (received.undecrypted() == 0 && received.data().length == expectedData.length),
					"the peer misses data, or has too much");
		}
		catch (SSLException ex) {
			check(false, "the peer cannot decrypt: " + ex);
		}
	}

	private void judgeByModel(TlsShutdownEvent event, ShutdownModel.Expectation expected, long slack) {
		Set<TlsShutdownOutcome> outcomes = expected.outcomes();
		check(outcomes.contains(event.outcome()), "should have ended " + outcomes);
		if (outcomes.size() == 1) {
			check(this.endedAt >= expected.at() && this.endedAt <= expected.at() + slack,
					"should have ended at " + expected.at() / 1000);
			// A failure may be found while there is still something to be written
			check(event.closeNotifySent() == expected.sent()
					|| (event.outcome() == TlsShutdownOutcome.FAILED || event.outcome() == TlsShutdownOutcome.OVERFLOW)
							&& expected.sent(),
					"should have sent: " + expected.sent());
			check(event.closeNotifyReceived() == expected.received(), "should have received: " + expected.received());
			check(this.channel.isOutputShut() || !expected.halfClosed(), "should have been half-closed");
			// What is read together with a failure is not counted
			check((event.outcome() == TlsShutdownOutcome.FAILED) ? event.discardedBytes() <= expected.discarded()
					: event.outcome() == TlsShutdownOutcome.OVERFLOW || event.discardedBytes() == expected.discarded(),
					"should have discarded " + expected.discarded());
			check(event.initiator() == expected.initiator(), "should have been ended by " + expected.initiator());
		}
	}

	private void check(boolean condition, String otherwise) {
		if (!condition) {
			this.world.defect(this.port + ": " + otherwise + "; " + this);
		}
	}

	private long moment(int ticks) {
		return (this.style == Style.LOOSE) ? (long) (this.random.nextDouble() * ticks * ScriptedWorld.TICK)
				: this.random.nextInt(ticks) * ScriptedWorld.TICK;
	}

	private long span(int ticks) {
		return (this.style == Style.LOOSE) ? 1 + this.random.nextInt((int) (ticks * ScriptedWorld.TICK))
				: (1 + this.random.nextInt(ticks)) * ScriptedWorld.TICK + ScriptedWorld.TICK / 2;
	}

	private byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	@Override
	public String toString() {
		return this.events + " ended at " + this.endedAt / 1000 + "us; began at " + this.beganAt / 1000 + " "
				+ this.start + "; peer sends" + this.story + ", " + this.netIn.length + " bytes of it were read; "
				+ this.facts;
	}

	/** How the times of a connection fall. */
	enum Style {

		/** So that the outcome is certain. */
		EXACT,

		/** Anyhow. */
		LOOSE,

		/** The peer never stops sending. */
		ENDLESS,

		/** The server's engine is of no help. */
		DEGRADED

	}

	private enum Ending {

		CLOSE_NOTIFY, CLOSE_NOTIFY_AND_FIN, CLOSE_NOTIFY_AND_RESET, FIN, RESET, FATAL_ALERT, CORRUPT, NONE

	}

}
