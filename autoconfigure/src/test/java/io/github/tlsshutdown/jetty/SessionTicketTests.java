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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Jetty has the JDK send after the first response of a connection, with the starter
 * or without.
 */
class SessionTicketTests {

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anotherTicketFollowsTheFirstResponseOfTls13(boolean enabled) throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.enabled=" + enabled);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			await().until(() -> peer.undecryptedBytes() > 0 || peer.socket().getInputStream().available() > 0);
			peer.get("/hello");
			peer.readResponse("hello");
			peer.get("/bye");
			peer.awaitEnd();
			// It was no application data
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").endsWith("bye");
			assertThat(peer.sawCloseNotify()).isTrue();
		}
	}

}
