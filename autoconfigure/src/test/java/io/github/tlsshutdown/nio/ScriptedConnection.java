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
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectionShutdown;
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
		long maxDiscard = this.random.nextBoolean() ? 4 * ENOUGH : 1 + this.random.nextInt(30_000);
		this.settings = TlsShutdownSettings.builder()
			.policy(policy)
			.linger(false)
			.timeout(Duration.ofNanos(timeout))
			.maxWait(Duration.ofNanos(maxWait))
			.maxPending(maxPending)
			.maxDiscard(maxDiscard)
			.build();
		int[] parts = world.isBusy() ? new int[] { 0, 40_000 } : new int[] { 0, 0, 7, 1000, 40_000 };
		this.channel = ScriptedChannel.create(world, port, parts[this.random.nextInt(parts.length)]);
		List<ShutdownModel.PeerAct> acts = new ArrayList<>();
		planOutput();
		List<ShutdownModel.PeerRecord> records = planInput(acts);
		int toWrite = this.unwritten.length + ((policy == TlsShutdownPolicy.QUIET) ? 0 : alertLength());
		planCapacity(toWrite, acts);
		this.facts = new ShutdownModel.Facts(policy, begin, timeout, maxWait, maxDiscard, this.closeNotifyBefore,
				this.endBefore, toWrite, this.netIn.length, records, List.copyOf(acts));
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
				stream = add(records, stream, TlsPair.renegotiate(this.pair.client()), ShutdownModel.Kind.DATA, 0);
				this.story += " update";
				continue;
			}
			byte[] data = bytes(1 + this.random.nextInt((this.random.nextInt(3) == 0) ? 16_000 : 100));
			byte[] record = TlsPair.encrypt(this.pair.client(), data);
			this.story += " " + data.length + (before ? "(read)" : "");
			if (before) {
				decryptBefore(record);
			}
			else {
				stream = add(records, stream, record, ShutdownModel.Kind.DATA, data.length);
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
			case CLOSE_NOTIFY, CLOSE_NOTIFY_AND_FIN -> {
				byte[] alert = TlsPair.closeNotify(this.pair.client());
				if (endingBefore) {
					decryptBefore(alert);
					this.closeNotifyBefore = true;
				}
				else {
					stream = add(records, stream, alert, ShutdownModel.Kind.CLOSE_NOTIFY, 0);
					if (this.random.nextInt(4) == 0) {
						stream = concat(stream, bytes(1 + this.random.nextInt(50)));
					}
				}
			}
			case FATAL_ALERT -> {
				stream = add(records, stream, TlsPair.fatalAlert(this.pair.client()), ShutdownModel.Kind.FATAL, 0);
				this.clientFailed = true;
			}
			case CORRUPT -> {
				byte[] record = TlsPair.encrypt(this.pair.client(), bytes(100));
				record[5 + this.random.nextInt(record.length - 5)] ^= 1;
				stream = add(records, stream, record, ShutdownModel.Kind.FATAL, 0);
			}
			case FIN -> this.endBefore = endingBefore;
			case RESET, NONE -> {
			}
		}
		this.netIn = Arrays.copyOf(stream,
				Math.min(16_000, this.random.nextBoolean() ? 0 : this.random.nextInt(stream.length + 1)));
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
		else if (ending == Ending.RESET) {
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

	private byte[] add(List<ShutdownModel.PeerRecord> records, byte[] stream, byte[] record, ShutdownModel.Kind kind,
			int data) {
		byte[] longer = concat(stream, record);
		records.add(new ShutdownModel.PeerRecord(kind, longer.length, data));
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
		BeforeClose signs = new BeforeClose(true, this.endBefore, false, null, false, false);
		new ConnectionShutdown(this.world.connector(), new SocketTransport(this.channel, this.world.connector()),
				this.engine, this.settings, false)
			.begin(signs, netIn, netOut);
		int left = this.facts.toWrite() + this.encrypted.length - this.unwritten.length - this.channel.written().length;
		boolean waits = left > 0 || (this.settings.policy() == TlsShutdownPolicy.BIDIRECTIONAL
				&& !this.closeNotifyBefore && !this.endBefore);
		ShutdownModel.Admission admission = !waits ? ShutdownModel.Admission.NOT_NEEDED
				: stopped ? ShutdownModel.Admission.STOPPED
						: refused ? ShutdownModel.Admission.REFUSED : ShutdownModel.Admission.ADMITTED;
		this.start = new ShutdownModel.Start(admission, left);
		boolean over = !this.events.isEmpty();
		if (this.style != Style.DEGRADED && over == (admission == ShutdownModel.Admission.ADMITTED)
				&& !failedAtOnce()) {
			this.world.defect(this.port + " " + admission + " but ended: " + over);
		}
	}

	private boolean failedAtOnce() {
		return !this.events.isEmpty() && (this.events.get(0).outcome() == TlsShutdownOutcome.RESET
				|| this.events.get(0).outcome() == TlsShutdownOutcome.FAILED);
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
		check(event.policy() == this.settings.policy() && event.protocol().equals(this.protocol), "policy, protocol");
		judgeTime(event, slack);
		if (this.style == Style.DEGRADED) {
			judgeDegraded(event);
			return;
		}
		judgeTruth(event);
		judgeBytes(event);
		if (this.style == Style.EXACT) {
			judgeByModel(event, slack);
		}
	}

	private void judgeTime(TlsShutdownEvent event, long slack) {
		long progress = Math.max(this.beganAt, this.channel.lastProgress());
		long deadline = Math.min(Math.min(progress + this.facts.timeout(), this.beganAt + this.facts.maxWait()),
				this.world.drained());
		check(this.endedAt <= Math.max(deadline, this.beganAt) + slack, "ended late: deadline " + deadline / 1000);
		if (event.outcome() == TlsShutdownOutcome.TIMED_OUT
				&& this.start.admission() != ShutdownModel.Admission.STOPPED) {
			check(this.endedAt >= deadline, "timed out early: deadline " + deadline / 1000);
		}
		check(event.duration().toNanos() <= this.endedAt - this.beganAt, "duration");
	}

	private void judgeTruth(TlsShutdownEvent event) {
		long read = this.netIn.length + this.channel.bytesRead();
		boolean closeNotify = this.closeNotifyBefore || hasRead(ShutdownModel.Kind.CLOSE_NOTIFY, read);
		check(event.closeNotifyReceived() == (closeNotify && (this.closeNotifyBefore || waits(event))),
				"close_notify received: " + closeNotify);
		switch (event.outcome()) {
			case COMPLETED -> check(closeNotify && event.closeNotifySent(), "completed without both alerts");
			case FAILED -> check(hasRead(ShutdownModel.Kind.FATAL, read), "failed without a failure");
			case UNCLEAN -> check(has(ShutdownModel.Act.END), "unclean without the peer's end");
			case RESET -> check(has(ShutdownModel.Act.RESET), "reset by nobody");
			case SENT -> check(event.policy() == TlsShutdownPolicy.UNIDIRECTIONAL, "did not wait");
			case QUIET -> check(event.policy() == TlsShutdownPolicy.QUIET, "not quiet");
			case OVERFLOW -> check(this.start.admission() == ShutdownModel.Admission.REFUSED
					|| event.discardedBytes() > this.facts.maxDiscard(), "no overflow");
			case TIMED_OUT -> {
			}
			case ABORTED, NO_HANDSHAKE -> check(false, "there was a handshake, and nothing was cut");
		}
		check(event.discardedBytes() <= this.facts.maxDiscard() + 64 * 1024, "discarded too much");
	}

	private void judgeDegraded(TlsShutdownEvent event) {
		long read = this.netIn.length + this.channel.bytesRead();
		boolean closeNotify = this.closeNotifyBefore || hasRead(ShutdownModel.Kind.CLOSE_NOTIFY, read);
		check(!event.closeNotifyReceived() || closeNotify, "close_notify received from nobody");
		check(event.outcome() != TlsShutdownOutcome.COMPLETED
				|| (event.closeNotifyReceived() && event.closeNotifySent()), "completed without both alerts");
		boolean whole = this.channel.written().length == this.encrypted.length + alertLength();
		check(!event.closeNotifySent() || whole, "close_notify sent: " + whole);
	}

	private boolean waits(TlsShutdownEvent event) {
		return event.policy() == TlsShutdownPolicy.BIDIRECTIONAL;
	}

	private boolean hasRead(ShutdownModel.Kind kind, long bytes) {
		return this.facts.records().stream().anyMatch((record) -> record.kind() == kind && record.end() <= bytes);
	}

	private boolean has(ShutdownModel.Act act) {
		return this.facts.acts().stream().anyMatch((candidate) -> candidate.kind() == act);
	}

	private void judgeBytes(TlsShutdownEvent event) {
		byte[] written = this.channel.written();
		int data = Math.min(written.length, this.encrypted.length);
		check(Arrays.equals(written, 0, data, this.encrypted, 0, data), "wrote other bytes than were left");
		boolean whole = written.length == this.encrypted.length + alertLength();
		check(event.closeNotifySent() == whole, "close_notify sent: " + whole);
		check(written.length <= this.encrypted.length + alertLength()
				&& (written.length <= this.encrypted.length || event.policy() != TlsShutdownPolicy.QUIET),
				"wrote more than the alert");
		check(!this.channel.isOutputShut() || whole, "half-closed before the alert was out");
		if (this.clientFailed) {
			return;
		}
		try {
			TlsPair.Received received = TlsPair.decrypt(this.pair.client(), written);
			byte[] expected = this.plain.toByteArray();
			check(Arrays.equals(received.data(), 0, received.data().length, expected, 0,
					Math.min(received.data().length, expected.length)), "the peer decrypts other data");
			check(received.closeNotify() == whole, "the peer finds a close_notify: " + received.closeNotify());
			check(!whole || (received.undecrypted() == 0 && received.data().length == expected.length),
					"the peer misses data, or has too much");
		}
		catch (SSLException ex) {
			check(false, "the peer cannot decrypt: " + ex);
		}
	}

	private void judgeByModel(TlsShutdownEvent event, long slack) {
		ShutdownModel.Expectation expected = ShutdownModel.predict(this.facts, this.start, this.world.drained());
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
			check(this.channel.isOutputShut() || !expected.halfClosed(), "should have been half-closed");
			// What is read together with a failure is not counted
			check((event.outcome() == TlsShutdownOutcome.FAILED) ? event.discardedBytes() <= expected.discarded()
					: event.outcome() == TlsShutdownOutcome.OVERFLOW || event.discardedBytes() == expected.discarded(),
					"should have discarded " + expected.discarded());
			boolean brokenBefore = event.outcome() == TlsShutdownOutcome.RESET && this.facts.toWrite() > 0
					&& this.facts.acts()
						.stream()
						.anyMatch((act) -> act.kind() == ShutdownModel.Act.RESET && act.at() <= this.facts.begin());
			boolean peerFirst = this.closeNotifyBefore || this.endBefore || brokenBefore;
			check(event.initiator() == (peerFirst ? TlsShutdownInitiator.PEER : TlsShutdownInitiator.LOCAL),
					"initiator");
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

		CLOSE_NOTIFY, CLOSE_NOTIFY_AND_FIN, FIN, RESET, FATAL_ALERT, CORRUPT, NONE

	}

}
