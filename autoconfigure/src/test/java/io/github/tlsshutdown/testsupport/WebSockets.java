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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a client of a WebSocket at {@code /socket} sends, which sends messages back.
 */
public final class WebSockets {

	/** The last frame of a text. */
	private static final int TEXT = 0x81;

	/** The frame that ends a WebSocket. */
	private static final int CLOSE = 0x88;

	/** The request for it. */
	public static final String UPGRADE = "GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
			+ "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

	private static final String END_OF_HEADERS = "\r\n\r\n";

	private static final int MASKED = 0x80;

	private static final int NORMAL_CLOSURE = 1000;

	private WebSockets() {
	}

	/**
	 * Connect, and see that there is a WebSocket.
	 * @param server the server
	 * @return the client
	 * @throws IOException if that fails
	 */
	public static TlsPeer connect(TestServer server) throws IOException {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
		peer.send(UPGRADE);
		peer.readResponse("");
		peer.send(text("hello"));
		peer.readAtLeast(7);
		assertThat(new String(peer.takeReceived(), 2, 5, StandardCharsets.US_ASCII)).isEqualTo("hello");
		return peer;
	}

	/**
	 * Read a frame that says that the server stops.
	 * @param peer the client of a WebSocket
	 * @throws IOException if the connection ends before
	 */
	public static void readGoingAway(TlsPeer peer) throws IOException {
		readGoingAway(peer, 0);
	}

	/**
	 * Read the response to the request for a WebSocket, and a frame that says that the
	 * server stops.
	 * @param peer the client, which has sent the request
	 * @throws IOException if the connection ends before
	 */
	public static void readUpgradeAndGoingAway(TlsPeer peer) throws IOException {
		while (!peer.receivedText().contains(END_OF_HEADERS)) {
			peer.readAtLeast(peer.receivedBytes() + 1);
		}
		String response = peer.receivedText();
		assertThat(response).startsWith("HTTP/1.1 101");
		readGoingAway(peer, response.indexOf(END_OF_HEADERS) + END_OF_HEADERS.length());
	}

	private static void readGoingAway(TlsPeer peer, int offset) throws IOException {
		peer.readAtLeast(offset + 4);
		byte[] received = peer.takeReceived();
		// A reason follows
		assertThat(HexFormat.of().formatHex(received, offset, received.length)).matches("88..03e9.*");
	}

	/**
	 * Return a message.
	 * @param text what it says
	 * @return the frame
	 */
	public static byte[] text(String text) {
		return frame(TEXT, text.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Return what ends the WebSocket normally.
	 * @return the frame
	 */
	public static byte[] close() {
		return frame(CLOSE, ByteBuffer.allocate(2).putShort((short) NORMAL_CLOSURE).array());
	}

	// Masked with zeros
	private static byte[] frame(int type, byte[] payload) {
		return ByteBuffer.allocate(6 + payload.length)
			.put((byte) type)
			.put((byte) (MASKED | payload.length))
			.putInt(0)
			.put(payload)
			.array();
	}

}
