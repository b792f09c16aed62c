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

import java.io.IOException;
import java.net.SocketException;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.RefusedUpload;

/**
 * Peers that are sending a request's body when the server refuses it and closes. The
 * answer arrives whole, unless the server does not linger.
 */
enum UploadingPeer implements Behaviour {

	/** Looks at the answer only when everything is sent. */
	SENDS_ALL(TlsShutdownOutcome.COMPLETED) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.sendRest();
			upload.readAnswer();
			upload.peer().sendCloseNotify();
		}

	},

	SENDS_ALL_SLOWLY(TlsShutdownOutcome.COMPLETED) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.sendRestSlowly();
			upload.readAnswer();
			upload.peer().sendCloseNotify();
		}

	},

	STOPS_AND_ANSWERS(TlsShutdownOutcome.COMPLETED) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.readAnswer();
			upload.peer().sendCloseNotify();
		}

	},

	SENDS_ALL_AFTER_ANSWER(TlsShutdownOutcome.UNCLEAN) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.peer().awaitFinOrReset();
			upload.sendRest();
			upload.readAnswer();
			upload.peer().sendFin();
		}

	},

	RESETS_AFTER_ANSWER(TlsShutdownOutcome.RESET) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.readAnswer();
			upload.peer().reset();
		}

	},

	RESETS(TlsShutdownOutcome.RESET) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.peer().reset();
		}

		@Override
		public Expectation expected(Script script, TlsShutdownPolicy policy) {
			return super.expected(script, policy).or(Expectation.peer(TlsShutdownOutcome.RESET));
		}

	},

	NEVER_STOPS(TlsShutdownOutcome.OVERFLOW) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.sendWithoutEnd();
		}

		@Override
		public Expectation expected(Script script, TlsShutdownPolicy policy) {
			Expectation expectation = script.lingers() ? Expectation.local(TlsShutdownOutcome.OVERFLOW)
					: super.expected(script, policy);
			return expectation.unread(TlsShutdownUnread.CUT);
		}

	},

	STOPS(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			upload.readAnswer();
		}

	},

	/** Silence alone would not end the wait. */
	SENDS_NOW_AND_THEN(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void play(RefusedUpload upload, ChaosConnection connection) throws IOException {
			connection.brokenWhileSending(upload.sendNowAndThen());
		}

		@Override
		public Expectation expected(Script script, TlsShutdownPolicy policy) {
			Expectation expectation = super.expected(script, policy);
			// What has come while the server waited is compared when the peer has
			// finished
			boolean waits = script.lingers() || policy == TlsShutdownPolicy.BIDIRECTIONAL;
			return waits ? expectation.unread(TlsShutdownUnread.CUT, TlsShutdownUnread.DRAINED, TlsShutdownUnread.NONE)
					: expectation.unread(TlsShutdownUnread.CUT, TlsShutdownUnread.DRAINED);
		}

	};

	private final TlsShutdownOutcome whenServerWaits;

	private final boolean silent;

	UploadingPeer(TlsShutdownOutcome whenServerWaits) {
		this(whenServerWaits, false);
	}

	UploadingPeer(TlsShutdownOutcome whenServerWaits, boolean silent) {
		this.whenServerWaits = whenServerWaits;
		this.silent = silent;
	}

	abstract void play(RefusedUpload upload, ChaosConnection connection) throws IOException;

	@Override
	public void play(ChaosConnection connection) throws IOException {
		try {
			RefusedUpload upload = RefusedUpload.begin(connection.http1(),
					connection.random().nextBoolean() ? 1000 : 100_000, connection.random().nextBoolean(),
					connection.script().lingers());
			play(upload, connection);
		}
		catch (SocketException ex) {
			connection.broken();
			boolean mayBeReset = this == NEVER_STOPS || this == SENDS_NOW_AND_THEN || !connection.script().lingers();
			if (!mayBeReset) {
				throw ex;
			}
		}
	}

	@Override
	public Expectation expected(Script script, TlsShutdownPolicy policy) {
		Expectation expectation = Expectation.serverFirst(policy, this.whenServerWaits).truncatedByPeer(false);
		// If the server has read all that there was, it does not know of more
		return script.lingers() ? expectation.unread(TlsShutdownUnread.NONE, TlsShutdownUnread.DRAINED) : expectation;
	}

	@Override
	public boolean needsImpatientServer() {
		return this.silent;
	}

}
