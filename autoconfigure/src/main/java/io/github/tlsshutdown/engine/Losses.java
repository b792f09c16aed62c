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

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownUnread;

/**
 * Losses at the end of a connection, which its outcome does not show.
 */
final class Losses {

	private final boolean linger;

	private boolean bodyUnread;

	private boolean unfinished;

	Losses(boolean linger) {
		this.linger = linger;
	}

	void begin(BeforeClose before) {
		this.bodyUnread = before.bodyUnread();
		this.unfinished = before.unfinished();
	}

	/**
	 * Return which side cut off a request or a response.
	 * @param state the state of the connection, which has ended
	 * @return the side, or {@code null} if nothing is known to have been cut off
	 */
	@Nullable TlsShutdownInitiator truncated(ShutdownState state) {
		if (state.outcome() == TlsShutdownOutcome.ABORTED) {
			return TlsShutdownInitiator.LOCAL;
		}
		return (this.unfinished && state.initiator() == TlsShutdownInitiator.PEER) ? TlsShutdownInitiator.PEER : null;
	}

	/**
	 * Return how a peer that was still sending was handled.
	 * @param state the state of the connection, which has ended
	 * @param discarded whether data of the peer was discarded
	 * @return the result
	 */
	TlsShutdownUnread unread(ShutdownState state, boolean discarded) {
		if (state.initiator() == TlsShutdownInitiator.PEER) {
			// Data of a peer that has left does not mean that it is still sending
			return TlsShutdownUnread.NONE;
		}
		// When lingering, the server sees whether anything arrives
		boolean unknown = !this.linger || state.outcome() == TlsShutdownOutcome.OVERFLOW;
		if (!discarded && !(this.bodyUnread && unknown)) {
			return TlsShutdownUnread.NONE;
		}
		return state.hasPeerStopped() ? TlsShutdownUnread.DRAINED : TlsShutdownUnread.CUT;
	}

}
