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
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An upload that {@link TestServer} refuses while most of it is still to be sent.
 */
public final class RefusedUpload {

	/** More than a server reads that has {@link Upload#MAX_SWALLOW_SIZE}. */
	private static final int FIRST_PART = 50_000;

	private static final int SIZE = 300_000;

	private static final int PART = 10_000;

	private final TlsPeer peer;

	private final int answer;

	private final boolean chunked;

	private final boolean answered;

	private final long begun = System.nanoTime();

	private RefusedUpload(TlsPeer peer, int answer, boolean chunked, boolean answered) {
		this.peer = peer;
		this.answer = answer;
		this.chunked = chunked;
		this.answered = answered;
	}

	/**
	 * Send the beginning of an upload.
	 * @param peer who sends it
	 * @param answer the size of the answer
	 * @param chunked whether its length is not told before
	 * @param answered whether the answer has to arrive whole: the server lingers
	 * @return the upload
	 * @throws IOException if that fails
	 */
	public static RefusedUpload begin(TlsPeer peer, int answer, boolean chunked, boolean answered) throws IOException {
		RefusedUpload upload = new RefusedUpload(peer, answer, chunked, answered);
		peer.send("POST /reject?size=" + answer + " HTTP/1.1\r\nHost: localhost\r\n"
				+ (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + SIZE) + "\r\n\r\n");
		upload.send(FIRST_PART);
		return upload;
	}

	/**
	 * Return who sends it.
	 * @return the peer
	 */
	public TlsPeer peer() {
		return this.peer;
	}

	/**
	 * Send all that is left.
	 * @throws IOException if that fails
	 */
	public void sendRest() throws IOException {
		for (int sent = FIRST_PART; sent < SIZE; sent += PART) {
			send(PART);
		}
	}

	/**
	 * Send all that is left, with pauses.
	 * @throws IOException if that fails
	 */
	public void sendRestSlowly() throws IOException {
		for (int sent = FIRST_PART; sent < SIZE; sent += PART) {
			send(PART);
			LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
		}
	}

	/**
	 * Send more than was declared, as fast as it goes.
	 * @throws IOException when the server is gone
	 */
	public void sendWithoutEnd() throws IOException {
		while (true) {
			send(PART);
		}
	}

	/**
	 * Send a little at a time, until the server is gone.
	 * @return the longest pause, which is long on a busy machine
	 * @throws IOException if that fails
	 */
	public Duration sendNowAndThen() throws IOException {
		long last = this.begun;
		long longest = 0;
		boolean gone = false;
		while (!gone) {
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
			try {
				send(10);
			}
			catch (SocketException ex) {
				gone = true;
			}
			long now = System.nanoTime();
			longest = Math.max(longest, now - last);
			last = now;
		}
		return Duration.ofNanos(longest);
	}

	/**
	 * Read until the server's FIN, which comes when the answer is complete.
	 * @throws IOException if that fails
	 */
	public void readAnswer() throws IOException {
		End end = this.peer.awaitEnd();
		if (!this.answered) {
			return;
		}
		assertThat(end).isEqualTo(End.FIN);
		String text = this.peer.receivedText();
		assertThat(text).startsWith("HTTP/1.1 413");
		assertThat(text.length() - text.indexOf("\r\n\r\n") - 4).isEqualTo(this.answer);
	}

	private void send(int length) throws IOException {
		this.peer.send(this.chunked ? chunk(length) : new byte[length]);
	}

	private static byte[] chunk(int length) {
		return (Integer.toHexString(length) + "\r\n" + "x".repeat(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
	}

}
