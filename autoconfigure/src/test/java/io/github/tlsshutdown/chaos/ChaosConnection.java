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
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;

import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

/**
 * The peer's end of one connection, as far as its script has taken it.
 */
final class ChaosConnection {

	/** More than the socket buffers of both sides take. */
	static final int LARGE = 600_000;

	private final Script script;

	private final Socket socket;

	private final Sessions sessions;

	private final Random random;

	private final Ledger.Entry entry;

	private final long created = System.nanoTime();

	private @Nullable TlsPeer peer;

	private boolean broken;

	/** Of a peer that was sending until the server was gone. */
	private @Nullable Duration longestPause;

	ChaosConnection(Script script, Socket socket, Sessions sessions, Random random, Ledger.Entry entry) {
		this.script = script;
		this.socket = socket;
		this.sessions = sessions;
		this.random = random;
		this.entry = entry;
	}

	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.created);
	}

	Script script() {
		return this.script;
	}

	Socket socket() {
		return this.socket;
	}

	Random random() {
		return this.random;
	}

	Ledger.Entry entry() {
		return this.entry;
	}

	/**
	 * Complete the handshake.
	 * @return the peer
	 * @throws IOException if that fails
	 */
	TlsPeer handshake() throws IOException {
		return handshake(new SSLParameters());
	}

	private TlsPeer handshake(SSLParameters parameters) throws IOException {
		TlsPeer peer = TlsPeer.over(this.socket, this.sessions.name(this.script), this.script.protocol(),
				this.sessions.context(this.script), parameters);
		this.peer = peer;
		return peer;
	}

	/**
	 * Complete no handshake, because no server is trusted.
	 * @throws IOException always
	 */
	void handshakeSuspiciously() throws IOException {
		TlsPeer.over(this.socket, "localhost", this.script.protocol(), Sessions.suspicious(), new SSLParameters());
	}

	/**
	 * Complete the handshake and have requests answered.
	 * @return the peer
	 * @throws IOException if that fails
	 */
	TlsPeer http1() throws IOException {
		TlsPeer peer = handshake();
		String policy = (this.script.requestedPolicy() != null) ? "Policy: " + this.script.requestedPolicy() + "\r\n"
				: "";
		for (int i = 0; i < this.script.requests(); i++) {
			peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n" + policy + "\r\n");
			peer.readResponse("hello");
			this.entry.served(this.script.requestedPolicy());
			policy = "";
		}
		return peer;
	}

	/**
	 * Complete the handshake and have requests answered, over HTTP/2.
	 * @return the peer
	 * @throws IOException if that fails
	 */
	Http2Peer http2() throws IOException {
		SSLParameters parameters = new SSLParameters();
		parameters.setApplicationProtocols(new String[] { "h2" });
		Http2Peer peer = Http2Peer.over(handshake(parameters));
		for (int i = 0; i < this.script.requests(); i++) {
			peer.readResponse(peer.get("/hello?size=100"));
			this.entry.served(null);
		}
		return peer;
	}

	/**
	 * Have the server close the connection.
	 * @return the peer
	 * @throws IOException if it does not
	 */
	TlsPeer awaitServerClose() throws IOException {
		TlsPeer peer = http1();
		peer.get("/bye");
		peer.awaitFinOrReset();
		return peer;
	}

	/**
	 * Note that the server has reset the connection, which may have destroyed what it had
	 * sent.
	 */
	void broken() {
		this.broken = true;
	}

	/**
	 * Note that the server has reset the connection while the peer was sending.
	 * @param longestPause the longest time in which the peer has sent nothing
	 */
	void brokenWhileSending(Duration longestPause) {
		broken();
		this.longestPause = longestPause;
	}

	/**
	 * Compare what the server says to have read, and to have sent, with what the peer has
	 * sent and what has come, if the peer has not made that impossible.
	 * @return what is wrong, or {@code null} if nothing is
	 * @throws IOException if that fails
	 */
	@Nullable String contradiction() throws IOException {
		TlsShutdownEvent event = this.entry.event();
		if (event != null && event.unread() == TlsShutdownUnread.NONE && hasSentIn(event.duration())) {
			return "Peer was sending: " + event;
		}
		TlsPeer peer = this.peer;
		if (event == null || peer == null || this.broken || this.socket.isClosed()
				|| (peer.engine().isInboundDone() && !peer.sawCloseNotify())) {
			return null;
		}
		if (peer.awaitEnd() == End.RST || peer.fatal() != null || peer.sawCloseNotify() == event.closeNotifySent()) {
			return null;
		}
		return "Peer saw " + (peer.sawCloseNotify() ? "a" : "no") + " close_notify: " + event;
	}

	private boolean hasSentIn(Duration duration) {
		// What is sent in the first half can be read in the second
		return this.longestPause != null && this.longestPause.multipliedBy(2).compareTo(duration) < 0;
	}

	/**
	 * Read until the server has ended the connection.
	 * @throws IOException if it does not
	 */
	void drain() throws IOException {
		InputStream input = this.socket.getInputStream();
		byte[] buffer = new byte[8192];
		try {
			int read;
			do {
				read = input.read(buffer);
			}
			while (read != -1);
			if (!this.socket.isOutputShutdown()) {
				// A server that lingers waits for that
				this.socket.shutdownOutput();
			}
		}
		catch (SocketException ex) {
			// It has not read all that was sent
		}
	}

	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

}
