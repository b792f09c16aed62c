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

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Clients that answer the server's close_notify and only then leave, as pools of load
 * balancers do.
 */
public final class PoliteClients {

	private static final int CLIENTS = 200;

	private PoliteClients() {
	}

	/**
	 * Have 200 of them come one after the other, to a server that nobody has connected to
	 * yet.
	 * @param server the server, with the policy {@code bidirectional}
	 * @throws IOException if a client is reset earlier
	 */
	public static void assertNoneIsReset(TestServer server) throws IOException {
		for (int i = 0; i < CLIENTS; i++) {
			assertThat(endOf(server, (i % 2 == 0) ? "TLSv1.2" : "TLSv1.3")).isEqualTo(End.FIN);
		}
		server.recorder().awaitTotal(CLIENTS);
		assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.COMPLETED);
	}

	private static End endOf(TestServer server, String protocol) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThatThrownBy(() -> peer.readAtLeast(1));
			assertThat(peer.sawCloseNotify()).isTrue();
			peer.sendCloseNotify();
			peer.sendFin();
			return peer.awaitFinOrReset();
		}
	}

}
