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

package io.github.tlsshutdown.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that end before the handshake is complete: one event each, and the server's
 * own alert arrives.
 */
public abstract class HandshakeContract {

	private static final byte[] HALF_CLIENT_HELLO = { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3 };

	private static final byte ALERT = 21;

	/**
	 * Start a server with the policy {@code bidirectional}.
	 * @return the running server
	 */
	protected abstract TestServer start();

	/**
	 * Start a server that asks clients for a certificate and insists.
	 * @return the running server
	 */
	protected abstract TestServer startWithClientAuth();

	@Test
	void connectionWithoutAByteIsNoHandshake() throws IOException {
		try (TestServer server = start(); Socket socket = connect(server)) {
			socket.shutdownOutput();
			assertThat(socket.getInputStream().readAllBytes()).isEmpty();
			assertNoHandshake(server, socket.getLocalPort());
		}
	}

	@Test
	void resetBeforeTheHandshakeIsNoHandshake() throws IOException {
		try (TestServer server = start()) {
			Socket socket = connect(server);
			int port = socket.getLocalPort();
			socket.getOutputStream().write(HALF_CLIENT_HELLO);
			socket.setSoLinger(true, 0);
			socket.close();
			assertNoHandshake(server, port);
		}
	}

	@Test
	void finInTheHandshakeIsNoHandshake() throws IOException {
		try (TestServer server = start(); Socket socket = connect(server)) {
			socket.getOutputStream().write(HALF_CLIENT_HELLO);
			socket.shutdownOutput();
			assertThat(socket.getInputStream().readAllBytes()).isEmpty();
			assertNoHandshake(server, socket.getLocalPort());
		}
	}

	@Test
	void whatIsNoTlsIsAnsweredByAnAlertOrNothing() throws IOException {
		try (TestServer server = start(); Socket socket = connect(server)) {
			socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
			byte[] answer = socket.getInputStream().readAllBytes();
			assertThat(answer.length == 0 || answer[0] == ALERT).isTrue();
			assertNoHandshake(server, socket.getLocalPort());
		}
	}

	@Test
	void clientWithoutACertificateReadsTheAlert() throws IOException {
		try (TestServer server = startWithClientAuth(); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.awaitEnd();
			assertThat(peer.fatal()).isNotNull();
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
		}
	}

	private static Socket connect(TestServer server) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
		return socket;
	}

	private static void assertNoHandshake(TestServer server, int port) {
		TlsShutdownEvent event = server.recorder().awaitEvent(port);
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
		assertThat(event.closeNotifySent()).isFalse();
	}

}
