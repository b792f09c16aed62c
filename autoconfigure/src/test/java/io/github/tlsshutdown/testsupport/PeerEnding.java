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
import java.net.InetAddress;
import java.net.Socket;
import java.util.Collection;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * What a peer does: after the server's FIN, or first. The server answers {@code /bye} by
 * {@code bye} and closes the connection, and {@code /hello} by {@code hello} and keeps
 * it.
 */
public enum PeerEnding {

	ANSWERS("/bye") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendCloseNotify();
			peer.sendFin();
		}

	},

	ANSWERS_AFTER_DATA("/bye") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.send(new byte[5_000]);
			peer.sendCloseNotify();
		}

	},

	FIN_ONLY("/bye") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendFin();
		}

	},

	RST("/bye") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.reset();
		}

	},

	BROKEN_RECORD("/bye") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendBrokenRecord();
		}

	},

	SILENT("/bye") {

		@Override
		void play(TlsPeer peer) {
		}

	},

	CLOSE_NOTIFY_FIRST("/hello") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendCloseNotify();
			peer.awaitEnd();
		}

	},

	FIN_FIRST("/hello") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendFin();
			peer.awaitEnd();
		}

	},

	RST_FIRST("/hello") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.reset();
		}

	},

	BROKEN_RECORD_FIRST("/hello") {

		@Override
		void play(TlsPeer peer) throws IOException {
			peer.sendBrokenRecord();
			peer.awaitEnd();
		}

	},

	NO_HANDSHAKE {

		@Override
		void playWithoutHandshake(Socket socket) throws IOException {
			socket.shutdownOutput();
			socket.getInputStream().readAllBytes();
		}

	},

	NO_TLS {

		@Override
		void playWithoutHandshake(Socket socket) throws IOException {
			socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
			socket.getInputStream().readAllBytes();
		}

	};

	private final @Nullable String path;

	PeerEnding() {
		this.path = null;
	}

	PeerEnding(String path) {
		this.path = path;
	}

	/**
	 * Connect, have a request answered, if it comes to that, and end the connection.
	 * @param port the server's port
	 * @param protocol the TLS version
	 * @param context holds the sessions that can be resumed
	 * @param open where to put the peer, which leaves the TCP connection to the server
	 * @throws IOException if that fails, as it may when the server is gone already
	 */
	public void play(int port, String protocol, SSLContext context, Collection<TlsPeer> open) throws IOException {
		if (this.path != null) {
			TlsPeer peer = TlsPeer.connect(port, protocol, context, 0);
			open.add(peer);
			peer.get(this.path);
			peer.readResponse(this.path.substring(1));
			if (this.path.equals("/bye")) {
				peer.awaitFinOrReset();
			}
			play(peer);
		}
		else {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
				socket.setSoTimeout(20_000);
				playWithoutHandshake(socket);
			}
		}
	}

	void play(TlsPeer peer) throws IOException {
	}

	void playWithoutHandshake(Socket socket) throws IOException {
	}

}
