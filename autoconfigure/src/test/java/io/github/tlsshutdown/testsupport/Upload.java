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
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request with a body that takes long to send, and that the server may refuse in the
 * middle.
 */
public enum Upload {

	/** The size of the body is told before. */
	WITH_LENGTH("/reject?size=" + Upload.ANSWER, "Content-Length: " + Upload.SIZE),

	/** The body has a last chunk, which is not sent. */
	CHUNKED("/reject?size=" + Upload.ANSWER, "Transfer-Encoding: chunked") {

		@Override
		byte[] encode(byte[] data) {
			byte[] size = (Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			byte[] chunk = new byte[size.length + data.length + 2];
			System.arraycopy(size, 0, chunk, 0, size.length);
			System.arraycopy(data, 0, chunk, size.length, data.length);
			chunk[chunk.length - 2] = '\r';
			chunk[chunk.length - 1] = '\n';
			return chunk;
		}

	},

	/** The client asks before it sends the body, and does not care for the answer. */
	WITH_EXPECTATION("/reject?size=" + Upload.ANSWER, "Content-Length: " + Upload.SIZE + "\r\nExpect: 100-continue") {

		@Override
		int begun() {
			return 0;
		}

	};

	/** The size of the body. */
	public static final int SIZE = 10_000_000;

	/** The size of the answer. */
	public static final int ANSWER = 400_000;

	/** The size of a body that no socket buffers hold. */
	public static final int MUCH = 30_000_000;

	/** What is read together with the request's head. */
	private static final int BEGINNING = 4000;

	/**
	 * The property that has Tomcat give up when it has read the beginning and not a byte
	 * more.
	 */
	public static final String MAX_SWALLOW_SIZE = "server.tomcat.max-swallow-size=" + (Upload.BEGINNING - 1) + "B";

	private static final int PART = 100_000;

	private final String path;

	private final String headers;

	Upload(String path, String headers) {
		this.path = path;
		this.headers = headers;
	}

	byte[] encode(byte[] data) {
		return data;
	}

	int begun() {
		return BEGINNING;
	}

	/**
	 * Send all of a body that no socket buffers hold, without a look at the answer.
	 * @param peer the client
	 * @param answer the size of the answer
	 * @throws IOException if that fails
	 */
	public static void sendMuch(TlsPeer peer, int answer) throws IOException {
		peer.send(
				"POST /reject?size=" + answer + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + MUCH + "\r\n\r\n");
		for (int sent = 0; sent < MUCH; sent += PART) {
			peer.send(new byte[PART]);
		}
	}

	/**
	 * Check that a client was answered, and that this is what is told.
	 * @param server the server
	 * @param peer the client, which has sent everything
	 * @param policy the policy
	 * @param answer the size of the answer
	 * @throws IOException if the connection does not end
	 */
	public static void assertAnswered(TestServer server, TlsPeer peer, TlsShutdownPolicy policy, int answer)
			throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.fatal()).isNull();
		assertThat(peer.undecryptedBytes()).isZero();
		assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		String text = peer.receivedText();
		int body = text.lastIndexOf("\r\n\r\n") + 4;
		assertThat(text.substring(0, body)).contains("HTTP/1.1 ");
		assertThat(text.length() - body).isEqualTo(answer);
		if (policy == TlsShutdownPolicy.QUIET) {
			peer.sendFin();
		}
		else {
			peer.sendCloseNotify();
		}
		TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.outcome()).isIn(switch (policy) {
			case UNIDIRECTIONAL -> List.of(TlsShutdownOutcome.SENT, TlsShutdownOutcome.COMPLETED);
			case BIDIRECTIONAL -> List.of(TlsShutdownOutcome.COMPLETED);
			case QUIET -> List.of(TlsShutdownOutcome.QUIET);
		});
		assertThat(event.closeNotifySent()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		assertThat(event.unread()).isNotEqualTo(TlsShutdownUnread.CUT);
	}

	/**
	 * Send the beginning, in one piece: the server has then read all there is.
	 * @param peer the client
	 * @throws IOException if that fails
	 */
	public void begin(TlsPeer peer) throws IOException {
		byte[] head = ("POST " + this.path + " HTTP/1.1\r\nHost: localhost\r\n" + this.headers + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		byte[] part = (begun() > 0) ? encode(new byte[begun()]) : new byte[0];
		byte[] both = new byte[head.length + part.length];
		System.arraycopy(head, 0, both, 0, head.length);
		System.arraycopy(part, 0, both, head.length, part.length);
		peer.send(both);
	}

	/**
	 * Send the rest, without a look at the answer.
	 * @param peer the client
	 * @throws IOException if that fails
	 */
	public void goOn(TlsPeer peer) throws IOException {
		for (int left = SIZE - begun(); left > 0; left -= PART) {
			peer.send(encode(new byte[Math.min(left, PART)]));
		}
	}

}
