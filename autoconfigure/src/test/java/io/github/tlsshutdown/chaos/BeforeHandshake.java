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
import java.net.Socket;
import java.util.Arrays;

import javax.net.ssl.SSLException;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Ends the connection before its handshake is complete.
 */
enum BeforeHandshake implements Behaviour {

	SCAN_WITH_FIN(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			socket.shutdownOutput();
			connection.drain();
		}

	},

	SCAN_WITH_CLOSE(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			socket.close();
		}

	},

	SCAN_WITH_RESET(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			connection.reset();
		}

	},

	SILENCE(TlsShutdownInitiator.LOCAL) {

		@Override
		void play(ChaosConnection connection, Socket socket) {
		}

	},

	GARBAGE(TlsShutdownInitiator.LOCAL) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			byte[] garbage = new byte[20 + connection.random().nextInt(500)];
			connection.random().nextBytes(garbage);
			// Not to be taken for the beginning of a record, which would have to be
			// waited for, nor by Netty for that of SSLv2, whose version comes fifth
			garbage[0] = '#';
			garbage[4] = '#';
			socket.getOutputStream().write(garbage);
			connection.drain();
		}

	},

	PLAIN_HTTP(TlsShutdownInitiator.LOCAL) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			socket.getOutputStream().write("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			connection.drain();
		}

	},

	HALF_A_HELLO_THEN_FIN(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			sendHalfAHello(connection);
			socket.shutdownOutput();
			connection.drain();
		}

	},

	HALF_A_HELLO_THEN_RESET(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			sendHalfAHello(connection);
			connection.reset();
		}

	},

	HALF_A_HELLO_THEN_SILENCE(TlsShutdownInitiator.LOCAL) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			sendHalfAHello(connection);
		}

	},

	SERVER_HELLO_THEN_FIN(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			awaitServerHello(connection);
			socket.shutdownOutput();
			connection.drain();
		}

	},

	SERVER_HELLO_THEN_RESET(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			awaitServerHello(connection);
			connection.reset();
		}

	},

	SERVER_HELLO_THEN_SILENCE(TlsShutdownInitiator.LOCAL) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			awaitServerHello(connection);
		}

	},

	SERVER_HELLO_THEN_BAD_RECORD(TlsShutdownInitiator.LOCAL) {

		@Override
		void play(ChaosConnection connection, Socket socket) throws IOException {
			awaitServerHello(connection);
			byte[] record = new byte[45];
			connection.random().nextBytes(record);
			System.arraycopy(new byte[] { 23, 3, 3, 0, 40 }, 0, record, 0, 5);
			socket.getOutputStream().write(record);
			connection.drain();
		}

	},

	FATAL_ALERT(TlsShutdownInitiator.PEER) {

		@Override
		void play(ChaosConnection connection, Socket socket) {
			// It does not trust the server's certificate
			assertThatExceptionOfType(SSLException.class).isThrownBy(connection::handshakeSuspiciously);
		}

	};

	private final TlsShutdownInitiator initiator;

	BeforeHandshake(TlsShutdownInitiator initiator) {
		this.initiator = initiator;
	}

	abstract void play(ChaosConnection connection, Socket socket) throws IOException;

	@Override
	public void play(ChaosConnection connection) throws IOException {
		play(connection, connection.socket());
	}

	@Override
	public Expectation expected(Script script, TlsShutdownPolicy policy) {
		Expectation expectation = (this.initiator == TlsShutdownInitiator.PEER)
				? Expectation.peer(TlsShutdownOutcome.NO_HANDSHAKE)
				: Expectation.local(TlsShutdownOutcome.NO_HANDSHAKE);
		return expectation.truncatedByPeer(false);
	}

	@Override
	public boolean needsImpatientServer() {
		return name().endsWith("SILENCE");
	}

	private static void sendHalfAHello(ChaosConnection connection) throws IOException {
		byte[] hello = TlsPeer.clientHello(connection.script().protocol());
		int half = 1 + connection.random().nextInt(hello.length - 1);
		connection.socket().getOutputStream().write(Arrays.copyOf(hello, half));
	}

	private static void awaitServerHello(ChaosConnection connection) throws IOException {
		connection.socket().getOutputStream().write(TlsPeer.clientHello(connection.script().protocol()));
		if (connection.socket().getInputStream().read() == -1) {
			throw new IOException("No ServerHello");
		}
	}

}
