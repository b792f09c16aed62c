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
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a shutdown, one after the other.
 * <p>
 * Each row says what was met before the close and what is met afterwards: what a look, or
 * a wait, gives. {@code full} is a socket that does not take everything at once. Expected
 * is what is said and done, then the outcome, who was first, and which alerts were
 * {@code sent} and {@code received}.
 */
class ShutdownStateTests {

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|',
			textBlock = """
					says its alert and leaves                | established             | 0                  | CLOSE_NOTIFY LOOK CLOSE SENT LOCAL sent
					does not look without lingering          | established nolinger    |                    | CLOSE_NOTIFY CLOSE SENT LOCAL sent
					answers the peer's alert                 | established closeNotify |                    | CLOSE_NOTIFY CLOSE COMPLETED PEER sent received
					answers the peer's FIN                   | established fin         |                    | CLOSE_NOTIFY CLOSE UNCLEAN PEER sent
					looks and finds the peer's alert         | established             | closeNotify        | CLOSE_NOTIFY LOOK CLOSE COMPLETED LOCAL sent received
					looks and finds the peer's FIN           | established             | fin                | CLOSE_NOTIFY LOOK CLOSE SENT LOCAL sent
					looks and finds a reset                  | established             | reset              | CLOSE_NOTIFY LOOK CLOSE SENT LOCAL sent
					looks and finds a broken record          | established             | broken             | CLOSE_NOTIFY LOOK CLOSE SENT LOCAL sent
					lingers while the peer sends             | established             | n n 0 fin          | CLOSE_NOTIFY LOOK HALF_CLOSE WAIT WAIT WAIT CLOSE SENT LOCAL sent
					lingers for a body that was not read     | established body        | 0 n closeNotify    | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT WAIT CLOSE COMPLETED LOCAL sent received
					lingers until the time is over           | established body        | 0 time             | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE SENT LOCAL sent
					lingers until the peer resets            | established body        | 0 reset            | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE SENT LOCAL sent
					lingers until a limit is reached         | established body        | 0 limit            | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE OVERFLOW LOCAL sent
					leaves a body without lingering          | established body nolinger |                  | CLOSE_NOTIFY CLOSE SENT LOCAL sent
					waits until TCP takes its alert          | established             | full flushed 0     | CLOSE_NOTIFY WAIT LOOK CLOSE SENT LOCAL sent
					reads to have its alert taken            | established             | full n flushed 0 fin | CLOSE_NOTIFY WAIT WAIT HALF_CLOSE LOOK WAIT CLOSE SENT LOCAL sent
					answers an alert that came meanwhile     | established             | full closeNotify flushed | CLOSE_NOTIFY WAIT WAIT CLOSE COMPLETED LOCAL sent received
					ends in time if TCP takes nothing        | established             | full time          | CLOSE_NOTIFY WAIT CLOSE TIMED_OUT LOCAL
					ends in time if its answer is not taken  | established closeNotify | full time          | CLOSE_NOTIFY WAIT CLOSE TIMED_OUT PEER received
					is reset before its alert is taken       | established             | full reset         | CLOSE_NOTIFY WAIT CLOSE RESET LOCAL
					meets a broken record before that        | established             | full broken        | CLOSE_NOTIFY WAIT CLOSE FAILED LOCAL
					is not let wait                          | established             | full limit         | CLOSE_NOTIFY WAIT CLOSE OVERFLOW LOCAL
					cannot write                             | established             | unwritable         | CLOSE_NOTIFY CLOSE RESET PEER
					cannot write, and finds an alert         | established             | unwritable+closeNotify | CLOSE_NOTIFY CLOSE COMPLETED PEER received
					cannot write its answer                  | established closeNotify | unwritable         | CLOSE_NOTIFY CLOSE COMPLETED PEER received
					failed, and found an alert               | established failure closeNotify |            | CLOSE_NOTIFY CLOSE COMPLETED PEER sent received
					failed                                   | established failure     |                    | NOTHING CLOSE RESET PEER
					failed, though it was refusing           | established failure refused |                | NOTHING CLOSE RESET PEER
					failed, with a body                      | established failure body |                   | NOTHING CLOSE RESET PEER
					is in trouble itself                     | established body        | 0 trouble          | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE RESET LOCAL sent
					""")
	void unidirectional(String rule, String before, @Nullable String met, String expected) {
		assertThat(trace(TlsShutdownPolicy.UNIDIRECTIONAL, before, met)).as(rule).isEqualTo(expected);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|',
			textBlock = """
					finds the peer's answer at once          | established             | closeNotify        | CLOSE_NOTIFY HALF_CLOSE LOOK CLOSE COMPLETED LOCAL sent received
					waits for the peer's alert               | established             | 0 n 0 closeNotify  | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT WAIT WAIT CLOSE COMPLETED LOCAL sent received
					waits without lingering, too             | established nolinger    | 0 closeNotify      | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE COMPLETED LOCAL sent received
					waits until the peer's FIN               | established             | 0 fin              | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE UNCLEAN LOCAL sent
					waits until the peer resets              | established             | 0 reset            | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE RESET LOCAL sent
					waits until a record is broken           | established             | 0 broken           | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE FAILED LOCAL sent
					waits until the time is over             | established             | 0 time             | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE TIMED_OUT LOCAL sent
					waits until a limit is reached           | established             | 0 limit            | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE OVERFLOW LOCAL sent
					does not wait after the peer's alert     | established closeNotify |                    | CLOSE_NOTIFY CLOSE COMPLETED PEER sent received
					does not wait after the peer's FIN       | established fin         |                    | CLOSE_NOTIFY CLOSE UNCLEAN PEER sent
					does not half-close before all is taken  | established             | full n flushed closeNotify | CLOSE_NOTIFY WAIT WAIT HALF_CLOSE LOOK CLOSE COMPLETED LOCAL sent received
					blames no peer that it cannot understand | established             | deaf 0 fin         | CLOSE_NOTIFY HALF_CLOSE LOOK WAIT CLOSE SENT LOCAL sent
					lingers for a body, but not for an alert | established cut body    | 0 fin              | NOTHING HALF_CLOSE LOOK WAIT CLOSE ABORTED LOCAL
					""")
	void bidirectional(String rule, String before, @Nullable String met, String expected) {
		assertThat(trace(TlsShutdownPolicy.BIDIRECTIONAL, before, met)).as(rule).isEqualTo(expected);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|',
			textBlock = """
					says nothing and leaves                  | established             | 0                  | DATA_ONLY LOOK CLOSE QUIET LOCAL
					does not answer the peer's alert         | established closeNotify |                    | DATA_ONLY CLOSE QUIET PEER received
					tells of the peer's FIN                  | established fin         |                    | DATA_ONLY CLOSE UNCLEAN PEER
					lingers while the peer sends             | established             | n n closeNotify    | DATA_ONLY LOOK HALF_CLOSE WAIT WAIT CLOSE QUIET LOCAL received
					lingers until the peer's FIN             | established body        | 0 fin              | DATA_ONLY HALF_CLOSE LOOK WAIT CLOSE QUIET LOCAL
					lingers until the time is over           | established body        | 0 time             | DATA_ONLY HALF_CLOSE LOOK WAIT CLOSE QUIET LOCAL
					lingers until a limit is reached         | established body        | 0 limit            | DATA_ONLY HALF_CLOSE LOOK WAIT CLOSE OVERFLOW LOCAL
					waits until TCP takes its data           | established             | full flushed 0     | DATA_ONLY WAIT LOOK CLOSE QUIET LOCAL
					ends in time if TCP takes nothing        | established             | full time          | DATA_ONLY WAIT CLOSE TIMED_OUT LOCAL
					is reset before its data is taken        | established             | full reset         | DATA_ONLY WAIT CLOSE RESET LOCAL
					cannot write its data                    | established             | unwritable         | DATA_ONLY CLOSE RESET PEER
					failed, and found an alert               | established failure closeNotify |            | DATA_ONLY CLOSE QUIET PEER received
					""")
	void quiet(String rule, String before, @Nullable String met, String expected) {
		assertThat(trace(TlsShutdownPolicy.QUIET, before, met)).as(rule).isEqualTo(expected);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|',
			textBlock = """
					never signs a cut response               | established cut         | 0                  | NOTHING LOOK CLOSE ABORTED LOCAL
					never signs one to a peer that has left  | established cut closeNotify |                | NOTHING CLOSE ABORTED LOCAL received
					never signs one after the peer's FIN     | established cut fin     |                    | NOTHING CLOSE ABORTED LOCAL
					lingers after a cut response             | established cut         | n time             | NOTHING LOOK HALF_CLOSE WAIT CLOSE ABORTED LOCAL
					leaves a cut response without lingering  | established cut nolinger body |              | NOTHING CLOSE ABORTED LOCAL
					keeps to that beyond a limit             | established cut body    | 0 limit            | NOTHING HALF_CLOSE LOOK WAIT CLOSE ABORTED LOCAL
					tells of the peer's reset instead        | established cut failure |                    | NOTHING CLOSE RESET PEER
					says why TLS failed                      | established tlsFailure refused | 0           | FATAL_ALERT LOOK CLOSE FAILED LOCAL
					says why TLS fails now                   | established tlsFailure  | alert 0            | FATAL_ALERT LOOK CLOSE FAILED LOCAL
					heard why TLS failed                     | established tlsFailure  |                    | FATAL_ALERT CLOSE FAILED PEER
					does not linger after a fatal alert      | established tlsFailure body |                | FATAL_ALERT CLOSE FAILED PEER
					writes nothing more after it             | established tlsFailure  | full               | FATAL_ALERT CLOSE FAILED PEER
					takes no fatal alert for a close_notify  | established tlsFailure closeNotify |         | FATAL_ALERT CLOSE FAILED PEER
					lingers so that the peer learns why      | established tlsFailure refused | n reset     | FATAL_ALERT LOOK HALF_CLOSE WAIT CLOSE FAILED LOCAL
					fails to say why                         | established tlsFailure refused | unwritable  | FATAL_ALERT CLOSE FAILED LOCAL
					says nothing before the handshake        | noHandshake             |                    | NOTHING CLOSE NO_HANDSHAKE LOCAL
					waits for nobody before the handshake    | noHandshake body        |                    | NOTHING CLOSE NO_HANDSHAKE LOCAL
					tells who left before the handshake      | noHandshake fin         |                    | NOTHING CLOSE NO_HANDSHAKE PEER
					tells who broke it before the handshake  | noHandshake failure     |                    | NOTHING CLOSE NO_HANDSHAKE PEER
					says why the handshake failed            | noHandshake tlsFailure refused | n fin       | FATAL_ALERT LOOK HALF_CLOSE WAIT CLOSE NO_HANDSHAKE LOCAL
					heard why the handshake failed           | noHandshake tlsFailure  |                    | FATAL_ALERT CLOSE NO_HANDSHAKE PEER
					answers what is no TLS                   | noHandshake failure refused | n time         | DATA_ONLY LOOK HALF_CLOSE WAIT CLOSE NO_HANDSHAKE LOCAL
					""")
	void whateverThePolicy(String rule, String before, @Nullable String met, String expected) {
		for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
			assertThat(trace(policy, before, met)).as("%s, %s", rule, policy).isEqualTo(expected);
		}
	}

	private static String trace(TlsShutdownPolicy policy, String before, @Nullable String met) {
		List<String> signs = List.of(before.split(" "));
		Deque<String> facts = new ArrayDeque<>((met != null) ? Arrays.asList(met.split(" ")) : List.of());
		ShutdownState state = new ShutdownState(policy, !signs.contains("nolinger"));
		state.begin(beforeClose(signs), signs.contains("closeNotify"));
		StringBuilder trace = new StringBuilder(state.farewell().name());
		sayFarewell(state, facts);
		for (Step step = state.next();; step = state.next()) {
			trace.append(" ").append(step);
			assertThat(trace.length()).as("goes on for ever: " + trace).isLessThan(500);
			switch (step) {
				case HALF_CLOSE -> state.halfClosed();
				case LOOK, WAIT -> meet(state, facts.remove(), false);
				case CLOSE -> {
					assertThat(facts).as("not met: " + trace).isEmpty();
					trace.append(" ").append(state.outcome()).append(" ").append(state.initiator());
					trace.append(state.isCloseNotifySent() ? " sent" : "");
					trace.append(state.isCloseNotifyReceived() ? " received" : "");
					return trace.toString();
				}
			}
		}
	}

	private static BeforeClose beforeClose(List<String> signs) {
		IOException failure = signs.contains("tlsFailure") ? new SSLException("tlsFailure")
				: signs.contains("failure") ? new IOException("failure") : null;
		return new BeforeClose(signs.contains("established"), signs.contains("fin"), signs.contains("refused"), failure,
				signs.contains("cut"), signs.contains("body"), false, null);
	}

	private static void sayFarewell(ShutdownState state, Deque<String> facts) {
		String first = (facts.peek() != null) ? facts.peek() : "";
		switch (first) {
			case "full" -> {
				facts.remove();
				state.flushed(false);
			}
			case "unwritable", "unwritable+closeNotify" -> {
				if (facts.remove().endsWith("closeNotify")) {
					state.closeNotifyReceived();
				}
				meet(state, "reset", true);
			}
			case "alert" -> {
				facts.remove();
				state.fatalAlertGiven();
				state.flushed(true);
			}
			case "deaf" -> {
				facts.remove();
				state.deaf();
				state.flushed(true);
			}
			default -> state.flushed(true);
		}
	}

	private static void meet(ShutdownState state, String fact, boolean atOnce) {
		switch (fact) {
			case "0" -> state.looked(0);
			case "n" -> state.looked(1000);
			case "fin" -> state.looked(-1);
			case "closeNotify" -> {
				state.looked(24);
				state.closeNotifyReceived();
			}
			case "reset" -> state.broken(false, atOnce);
			case "broken" -> state.broken(true, false);
			case "flushed" -> state.flushed(true);
			case "time" -> state.timeOver(true);
			case "limit" -> state.limitReached();
			case "trouble" -> state.internalError();
			default -> throw new IllegalArgumentException(fact);
		}
	}

}
