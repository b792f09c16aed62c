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

package io.github.tlsshutdown.testsupport;

import java.io.IOException;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a well-behaved peer sees of each policy, and what is told of it.
 */
public final class PolicyAssertions {

	private PolicyAssertions() {
	}

	/**
	 * Check the end of a connection that the server is the first to close. The peer
	 * answers close_notify where the server waits for that.
	 * @param recorder the server's recorder
	 * @param peer the peer
	 * @param policy the policy
	 * @return the event
	 * @throws IOException if the connection does not end
	 */
	public static TlsShutdownEvent assertServerEnds(EventRecorder recorder, TlsPeer peer, TlsShutdownPolicy policy)
			throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		assertThat(peer.undecryptedBytes()).isZero();
		if (policy == TlsShutdownPolicy.BIDIRECTIONAL) {
			peer.sendCloseNotify();
		}
		TlsShutdownEvent event = recorder.awaitEvent(peer.localPort());
		assertThat(event.policy()).isEqualTo(policy);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.outcome()).isEqualTo(switch (policy) {
			case UNIDIRECTIONAL -> TlsShutdownOutcome.SENT;
			case BIDIRECTIONAL -> TlsShutdownOutcome.COMPLETED;
			case QUIET -> TlsShutdownOutcome.QUIET;
		});
		return event;
	}

	/**
	 * Have the peer close the connection in order, and check how the server answers.
	 * @param recorder the server's recorder
	 * @param peer the peer
	 * @param policy the policy
	 * @return the event
	 * @throws IOException if the connection does not end
	 */
	public static TlsShutdownEvent assertAnswersPeer(EventRecorder recorder, TlsPeer peer, TlsShutdownPolicy policy)
			throws IOException {
		peer.sendCloseNotify();
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		TlsShutdownEvent event = recorder.awaitEvent(peer.localPort());
		assertThat(event.policy()).isEqualTo(policy);
		assertCompletedByPeer(event, policy);
		return event;
	}

	/**
	 * Check the event of a connection that the peer has closed in order.
	 * @param event the event
	 * @param policy the policy
	 */
	public static void assertCompletedByPeer(TlsShutdownEvent event, TlsShutdownPolicy policy) {
		assertThat(event.outcome())
			.isEqualTo((policy != TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.QUIET);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
		assertThat(event.closeNotifyReceived()).isTrue();
		assertThat(event.closeNotifySent()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
	}

	/**
	 * Check the end of a connection on which the server has cut its own response off:
	 * FIN, and no alert, whatever the policy.
	 * @param recorder the server's recorder
	 * @param peer the peer
	 * @param policy the policy
	 * @return the event
	 * @throws IOException if the connection does not end
	 */
	public static TlsShutdownEvent assertAborted(EventRecorder recorder, TlsPeer peer, TlsShutdownPolicy policy)
			throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.sawCloseNotify()).as("signed").isFalse();
		assertThat(peer.fatal()).isNull();
		TlsShutdownEvent event = recorder.awaitEvent(peer.localPort());
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.ABORTED);
		assertThat(event.policy()).isEqualTo(policy);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.closeNotifySent()).isFalse();
		return event;
	}

}
