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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownRecorder}.
 */
class TlsShutdownRecorderTests {

	private final TlsShutdownRecorder recorder = new TlsShutdownRecorder(10);

	private final FakeConnector connector = new FakeConnector(8443);

	@Test
	void connectorsAreThoseThatRun() {
		FakeConnector other = new FakeConnector(7443);
		this.recorder.onConnectorStarted(this.connector);
		this.recorder.onConnectorStarted(other);
		assertThat(this.recorder.connectors()).extracting(RecordedConnector::connector)
			.containsExactly(other, this.connector);
		this.recorder.onConnectorStopped(other);
		assertThat(this.recorder.connectors()).extracting(RecordedConnector::connector).containsExactly(this.connector);
	}

	@Test
	void shutdownsAreCountedByConnectorOutcomeAndInitiator() {
		FakeConnector other = new FakeConnector(9443);
		this.recorder.onConnectorStarted(this.connector);
		this.recorder.onConnectorStarted(other);
		this.recorder.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.RESET, TlsShutdownInitiator.PEER));
		this.recorder.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.RESET, TlsShutdownInitiator.PEER));
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.RESET, TlsShutdownInitiator.LOCAL));
		this.recorder.onShutdown(TestEvents.event(other, TlsShutdownOutcome.RESET, TlsShutdownInitiator.PEER));
		RecordedConnector recorded = this.recorder.connectors().iterator().next();
		assertThat(
				recorded.count(TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.RESET, TlsShutdownInitiator.PEER))
			.isEqualTo(2);
		assertThat(
				recorded.count(TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.RESET, TlsShutdownInitiator.LOCAL))
			.isOne();
		assertThat(
				recorded.count(TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER))
			.isZero();
	}

	@Test
	void countsBeginAnewWhenTheConnectorDoes() {
		this.recorder.onConnectorStarted(this.connector);
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER));
		this.recorder.onConnectorStopped(this.connector);
		this.recorder.onConnectorStarted(this.connector);
		assertThat(this.recorder.connectors()
			.iterator()
			.next()
			.count(TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER)).isZero();
		assertThat(this.recorder.recent()).hasSize(1);
	}

	@Test
	void shutdownOfConnectorThatStoppedIsRemembered() {
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER));
		assertThat(this.recorder.connectors()).isEmpty();
		assertThat(this.recorder.recent()).hasSize(1);
	}

	@Test
	void lossesAndDecisionsAreCounted() {
		this.recorder.onConnectorStarted(this.connector);
		this.recorder.onShutdown(reset(TlsShutdownInitiator.PEER, TlsShutdownUnread.CUT));
		this.recorder.onShutdown(reset(null, TlsShutdownUnread.DRAINED));
		RecordedConnector recorded = this.recorder.connectors().iterator().next();
		assertThat(recorded.truncated(TlsShutdownInitiator.PEER)).isOne();
		assertThat(recorded.truncated(TlsShutdownInitiator.LOCAL)).isZero();
		assertThat(recorded.unread(TlsShutdownUnread.CUT)).isOne();
		assertThat(recorded.unread(TlsShutdownUnread.DRAINED)).isOne();
		assertThat(recorded.decisions("rules[1]")).isEqualTo(2);
		assertThat(recorded.decisions("property")).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "ABORTED", "FAILED", "OVERFLOW" })
	void shutdownThatLosesSomethingIsRemembered(TlsShutdownOutcome outcome) {
		this.recorder.onShutdown(TestEvents.event(this.connector, outcome, TlsShutdownInitiator.PEER));
		assertThat(this.recorder.recent()).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "ABORTED", "FAILED", "OVERFLOW" }, mode = Mode.EXCLUDE)
	void shutdownThatLosesNothingIsNotRemembered(TlsShutdownOutcome outcome) {
		this.recorder.onShutdown(TestEvents.event(this.connector, outcome, TlsShutdownInitiator.PEER));
		assertThat(this.recorder.recent()).isEmpty();
	}

	@Test
	void resetInTheMiddleIsRemembered() {
		this.recorder.onShutdown(reset(TlsShutdownInitiator.PEER, TlsShutdownUnread.NONE));
		assertThat(this.recorder.recent()).hasSize(1);
	}

	@Test
	void closeInTheMiddleOfAnUploadIsRemembered() {
		this.recorder.onShutdown(reset(null, TlsShutdownUnread.DRAINED));
		assertThat(this.recorder.recent()).isEmpty();
		this.recorder.onShutdown(reset(null, TlsShutdownUnread.CUT));
		assertThat(this.recorder.recent()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void timeThatIsOverIsRememberedUnlessTheAlertWasWritten(boolean written) {
		this.recorder.onShutdown(TlsShutdownEvent
			.builder(this.connector.getName(), TlsShutdownPolicy.BIDIRECTIONAL, TlsShutdownOutcome.TIMED_OUT)
			.closeNotifySent(written)
			.build());
		assertThat(this.recorder.recent()).hasSize(written ? 0 : 1);
	}

	@Test
	void manyOfOneOutcomeDoNotPushOthersOut() {
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.ABORTED, TlsShutdownInitiator.LOCAL));
		for (int i = 0; i < 30; i++) {
			this.recorder
				.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER));
		}
		assertThat(this.recorder.recent()).hasSize(11)
			.last()
			.extracting((entry) -> entry.event().outcome())
			.isEqualTo(TlsShutdownOutcome.ABORTED);
	}

	private TlsShutdownEvent reset(@Nullable TlsShutdownInitiator truncated, TlsShutdownUnread unread) {
		return TlsShutdownEvent.builder(this.connector.getName(), TlsShutdownPolicy.QUIET, TlsShutdownOutcome.RESET)
			.truncated(truncated)
			.unread(unread)
			.decidedBy("rules[1]")
			.build();
	}

}
