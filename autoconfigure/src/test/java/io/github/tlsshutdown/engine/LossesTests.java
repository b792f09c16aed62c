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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Losses}.
 */
class LossesTests {

	private final Losses losses = new Losses(true);

	@ParameterizedTest
	@EnumSource
	void clientThatResetsInItsUploadWasNotCutByTheServer(TlsShutdownPolicy policy) {
		ShutdownState state = begun(policy, new IOException("Connection reset"), false);
		// What the kernel still had of it is read all the same
		state.unreadData();
		assertThat(this.losses.truncated(state)).isEqualTo(TlsShutdownInitiator.PEER);
		assertThat(this.losses.unread(state, true)).isEqualTo(TlsShutdownUnread.NONE);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatLeavesInItsUploadWasNotDrainedByTheServer(TlsShutdownPolicy policy) {
		ShutdownState state = begun(policy, null, true);
		assertThat(this.losses.truncated(state)).isEqualTo(TlsShutdownInitiator.PEER);
		assertThat(this.losses.unread(state, true)).isEqualTo(TlsShutdownUnread.NONE);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatStopsAfterTheServerIsDrained(TlsShutdownPolicy policy) {
		ShutdownState state = begun(policy, null, false);
		state.flushed(true);
		state.looked(100);
		state.looked(-1);
		assertThat(this.losses.truncated(state)).isNull();
		assertThat(this.losses.unread(state, true)).isEqualTo(TlsShutdownUnread.DRAINED);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatGoesOnUntilALimitIsCut(TlsShutdownPolicy policy) {
		ShutdownState state = begun(policy, null, false);
		state.flushed(true);
		state.looked(100);
		state.limitReached();
		assertThat(this.losses.truncated(state)).isNull();
		assertThat(this.losses.unread(state, true)).isEqualTo(TlsShutdownUnread.CUT);
	}

	private ShutdownState begun(TlsShutdownPolicy policy, @Nullable IOException failure, boolean endOfStream) {
		BeforeClose before = new BeforeClose(true, endOfStream, false, failure, false, true, true, null);
		ShutdownState state = new ShutdownState(policy, true);
		state.begin(before, false);
		this.losses.begin(before);
		return state;
	}

}
