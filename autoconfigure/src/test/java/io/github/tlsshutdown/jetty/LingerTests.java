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

package io.github.tlsshutdown.jetty;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.contract.LingerContract;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers to clients that are still sending when the server closes.
 */
class LingerTests extends LingerContract {

	@Test
	void clientThatResetsDuringUploadIsToldOf() throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=5s")) {
			for (int i = 0; i < 8; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
				int port = peer.localPort();
				peer.send("POST /reject?size=400000 HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD
						+ "\r\n\r\n");
				for (int sent = 0; sent < UPLOAD - CHUNK; sent += CHUNK) {
					peer.send(new byte[CHUNK]);
				}
				peer.reset();
				assertThat(server.recorder().awaitEvent(port).outcome()).isEqualTo(TlsShutdownOutcome.RESET);
			}
		}
	}

}
