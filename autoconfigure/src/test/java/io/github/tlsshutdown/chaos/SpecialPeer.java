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
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that do more than to end the connection, or less. The server is the first to
 * close, unless said otherwise.
 */
enum SpecialPeer implements Behaviour {

	ANSWERS_AFTER_DATA(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.awaitServerClose();
			peer.send(new byte[30_000]);
			peer.sendCloseNotify();
		}

	},

	NEVER_STOPS_SENDING(TlsShutdownOutcome.OVERFLOW) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.awaitServerClose();
			byte[] data = new byte[16_000];
			while (true) {
				peer.send(data);
			}
		}

	},

	/** KeyUpdate under TLS 1.3, renegotiation under TLS 1.2. */
	BEGINS_ANOTHER_HANDSHAKE(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.awaitServerClose();
			peer.sendHandshake();
			peer.sendCloseNotify();
		}

		@Override
		public Expectation expected(Script script, TlsShutdownPolicy policy) {
			// Renegotiation would need an answer, and no answer follows close_notify
			return script.protocol().equals("TLSv1.2") ? Expectation.serverFirst(policy, TlsShutdownOutcome.FAILED)
					: super.expected(script, policy);
		}

	},

	ANSWERS_IN_HALVES(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			byte[] request = peer.encrypt("GET /bye HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			byte[] alert = peer.encryptCloseNotify();
			int half = 1 + connection.random().nextInt(alert.length - 1);
			peer.sendRaw(concat(request, alert, half));
			peer.awaitFinOrReset();
			peer.socket().getOutputStream().write(alert, half, alert.length - half);
		}

	},

	/** The peer is first: its alert has come by the time the server has answered. */
	ASKS_AND_LEAVES(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			byte[] request = peer.encrypt("GET /bye HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			byte[] alert = peer.encryptCloseNotify();
			peer.sendRaw(concat(request, alert, alert.length));
			peer.awaitFinOrReset();
		}

		@Override
		public Expectation expected(Script script, TlsShutdownPolicy policy) {
			return Ending.CLOSE_NOTIFY.whenFirst(policy);
		}

	},

	MAKES_NO_SENSE(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			peer.send("nonsense\r\n\r\n");
			peer.awaitFinOrReset();
			peer.sendCloseNotify();
		}

		@Override
		public boolean breaksRequests() {
			return true;
		}

	},

	HTTP2_MAKES_NO_SENSE(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			Http2Peer peer = connection.http2();
			int noStream = 0;
			peer.send(Http2Peer.DATA, 0, noStream, new byte[10]);
			peer.tls().awaitFinOrReset();
			peer.tls().sendCloseNotify();
		}

	},

	READS_MUCH(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			download(connection, Duration.ZERO);
		}

	},

	READS_SLOWLY(TlsShutdownOutcome.COMPLETED) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			download(connection, Duration.ofMillis(1));
		}

	},

	NEVER_READS(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			connection.handshake().get("/bye?size=" + 10 * ChaosConnection.LARGE);
		}

		@Override
		public Expectation expected(Script script, TlsShutdownPolicy policy) {
			// What is encrypted is waited for under every policy. But the kernel
			// may have made room for just that, and the alert, in the meantime
			// Or the server gives up while it writes
			return super.expected(script, policy).or(Expectation.local(TlsShutdownOutcome.TIMED_OUT))
				.or(Expectation.local(TlsShutdownOutcome.ABORTED));
		}

	},

	SILENT(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			connection.handshake().get("/bye");
		}

	},

	/** Silence alone would not end the wait. */
	SENDS_NOW_AND_THEN(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.handshake();
			peer.get("/bye");
			peer.awaitFinOrReset();
			while (true) {
				peer.send(new byte[10]);
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			}
		}

	},

	KEPT_ALIVE_IN_VAIN(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.handshake();
			peer.get("/hello");
			peer.readResponse("hello");
		}

	},

	HTTP2_KEPT_ALIVE_IN_VAIN(TlsShutdownOutcome.TIMED_OUT, true) {

		@Override
		void playUntilReset(ChaosConnection connection) throws IOException {
			connection.http2();
		}

	};

	private final TlsShutdownOutcome whenServerWaits;

	private final boolean silent;

	SpecialPeer(TlsShutdownOutcome whenServerWaits) {
		this(whenServerWaits, false);
	}

	SpecialPeer(TlsShutdownOutcome whenServerWaits, boolean silent) {
		this.whenServerWaits = whenServerWaits;
		this.silent = silent;
	}

	abstract void playUntilReset(ChaosConnection connection) throws IOException;

	@Override
	public void play(ChaosConnection connection) throws IOException {
		try {
			playUntilReset(connection);
		}
		catch (IOException ex) {
			connection.broken();
			// A server that does not wait, or no longer, resets what still comes. One
			// that is impatient may close a little earlier: it makes no difference
			if (!this.silent && !(ex instanceof SocketException)) {
				throw ex;
			}
		}
	}

	@Override
	public Expectation expected(Script script, TlsShutdownPolicy policy) {
		return Expectation.serverFirst(policy, this.whenServerWaits);
	}

	@Override
	public boolean needsImpatientServer() {
		return this.silent;
	}

	private static void download(ChaosConnection connection, Duration pause) throws IOException {
		TlsPeer peer = connection.http1();
		peer.get("/bye?size=" + ChaosConnection.LARGE);
		while (peer.receivedBytes() < ChaosConnection.LARGE) {
			peer.readAtLeast(Math.min(peer.receivedBytes() + 16_384, ChaosConnection.LARGE));
			LockSupport.parkNanos(pause.toNanos());
		}
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		String text = peer.receivedText();
		assertThat(text.length() - text.indexOf("\r\n\r\n") - 4).isEqualTo(ChaosConnection.LARGE);
		peer.sendCloseNotify();
	}

	private static byte[] concat(byte[] first, byte[] second, int length) {
		byte[] both = new byte[first.length + length];
		System.arraycopy(first, 0, both, 0, first.length);
		System.arraycopy(second, 0, both, first.length, length);
		return both;
	}

}
