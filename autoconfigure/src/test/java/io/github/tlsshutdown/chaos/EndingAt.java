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
import java.util.ArrayList;
import java.util.List;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

/**
 * Ends the connection in some way at some moment.
 *
 * @param ending the way
 * @param moment the moment
 */
record EndingAt(Ending ending, Moment moment) implements Behaviour {

	static List<EndingAt> all() {
		List<EndingAt> all = new ArrayList<>();
		for (Moment moment : Moment.values()) {
			if (moment != Moment.HTTP2_SERVER_HAS_CLOSED || TestServer.closesAfterGoAway()) {
				for (Ending ending : Ending.values()) {
					all.add(new EndingAt(ending, moment));
				}
			}
		}
		return all;
	}

	@Override
	public void play(ChaosConnection connection) throws IOException {
		TlsPeer peer = this.moment.reach(connection);
		try {
			this.ending.play(peer);
		}
		catch (SocketException ex) {
			connection.broken();
			// A server that does not wait resets what still comes
			if (!this.moment.isServerFirst()) {
				throw ex;
			}
		}
		if (this.ending != Ending.RESET) {
			End end = peer.awaitFinOrReset();
			if (end == End.FIN && !this.ending.isLeaving()) {
				// A server that lingers waits for that
				peer.sendFin();
			}
		}
	}

	/**
	 * Tomcat forgets a failure that it meets in the middle of a frame of which the
	 * beginning was there when it looked.
	 */
	@Override
	public boolean mayBeNoticedLate() {
		return this.moment == Moment.HTTP2_HALF_A_FRAME && ServerUnderTest.current() == ServerUnderTest.TOMCAT;
	}

	@Override
	public Expectation expected(Script script, TlsShutdownPolicy policy) {
		Expectation expectation = expected(policy);
		Boolean truncated = this.moment.isTruncatedBy(this.ending);
		return (truncated != null) ? expectation.truncatedByPeer(truncated) : expectation;
	}

	private Expectation expected(TlsShutdownPolicy policy) {
		if (this.moment == Moment.LAST_DOWNLOAD && this.ending == Ending.RESET) {
			// There is still something to write
			return Expectation.peer(TlsShutdownOutcome.RESET);
		}
		Expectation expectation = this.moment.isServerFirst() ? this.ending.whenSecond(policy)
				: this.ending.whenFirst(policy);
		if (this.moment == Moment.HANDSHAKE_DONE && this.ending == Ending.RESET) {
			// The last message of most handshakes is the client's: a reset that follows
			// at once makes the kernel throw it away if the server has not read it yet
			return expectation.or(Expectation.peer(TlsShutdownOutcome.NO_HANDSHAKE));
		}
		if (this.moment != Moment.LAST_DOWNLOAD) {
			return expectation;
		}
		if (this.ending == Ending.BROKEN_RECORD || this.ending == Ending.FATAL_ALERT) {
			// A server that has something to write reads as well, if it would linger
			expectation = expectation.or(Expectation.local(TlsShutdownOutcome.FAILED));
		}
		return TestServer.readsWhileWriting() ? expectation.or(this.ending.whenFirst(policy)) : expectation;
	}

	@Override
	public String toString() {
		return this.ending + " at " + this.moment;
	}

}
