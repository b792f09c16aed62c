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
import java.util.ArrayList;
import java.util.List;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link PeerEnding} comes to: one event each, with the outcome the policy
 * asks for.
 */
public final class EveryEndingByPolicy {

	private EveryEndingByPolicy() {
	}

	/**
	 * Play every ending with both TLS versions against a server that nobody has connected
	 * to yet, and look at the events.
	 * @param server the server
	 * @param policy its policy
	 * @throws Exception if an ending cannot be played
	 */
	public static void check(TestServer server, TlsShutdownPolicy policy) throws Exception {
		int count = 0;
		for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
			for (PeerEnding ending : PeerEnding.values()) {
				List<TlsPeer> open = new ArrayList<>();
				play(server, ending, protocol, open);
				count++;
				server.recorder().awaitTotal(count);
				TlsShutdownEvent event = server.recorder().events().get(count - 1);
				assertThat(event.outcome()).as("%s %s: %s", ending, protocol, event).isEqualTo(outcome(ending, policy));
				for (TlsPeer peer : open) {
					peer.close();
				}
			}
		}
	}

	private static void play(TestServer server, PeerEnding ending, String protocol, List<TlsPeer> open)
			throws IOException {
		try {
			ending.play(server.port(), protocol, TlsPeer.newContext(), open);
		}
		catch (IOException ex) {
			// The server may be gone already when the peer comes to its turn
			assertThat(ex.getMessage()).as("%s %s", ending, protocol).matches(".*(reset|[Bb]roken).*");
		}
	}

	private static TlsShutdownOutcome outcome(PeerEnding ending, TlsShutdownPolicy policy) {
		return switch (ending) {
			case ANSWERS, ANSWERS_AFTER_DATA -> serverFirst(policy, TlsShutdownOutcome.COMPLETED);
			case FIN_ONLY -> serverFirst(policy, TlsShutdownOutcome.UNCLEAN);
			case RST -> serverFirst(policy, TlsShutdownOutcome.RESET);
			case BROKEN_RECORD -> serverFirst(policy, TlsShutdownOutcome.FAILED);
			case SILENT -> serverFirst(policy, TlsShutdownOutcome.TIMED_OUT);
			case CLOSE_NOTIFY_FIRST ->
				(policy == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET : TlsShutdownOutcome.COMPLETED;
			case FIN_FIRST -> TlsShutdownOutcome.UNCLEAN;
			case RST_FIRST -> TlsShutdownOutcome.RESET;
			case BROKEN_RECORD_FIRST -> TlsShutdownOutcome.FAILED;
			case NO_HANDSHAKE, NO_TLS -> TlsShutdownOutcome.NO_HANDSHAKE;
		};
	}

	private static TlsShutdownOutcome serverFirst(TlsShutdownPolicy policy, TlsShutdownOutcome whenServerWaits) {
		return switch (policy) {
			case UNIDIRECTIONAL -> TlsShutdownOutcome.SENT;
			case BIDIRECTIONAL -> whenServerWaits;
			case QUIET -> TlsShutdownOutcome.QUIET;
		};
	}

}
