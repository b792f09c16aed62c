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

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import javax.net.ssl.SSLParameters;

/**
 * An HTTP/2 client that makes its frames by hand, over a {@link TlsPeer}.
 */
public final class Http2Peer implements Closeable {

	/** Frame type: data of a stream. */
	public static final int DATA = 0;

	/** Frame type: the beginning of a request or a response. */
	public static final int HEADERS = 1;

	private static final int RST_STREAM = 3;

	private static final int SETTINGS = 4;

	private static final int PING = 6;

	private static final int GOAWAY = 7;

	private static final int WINDOW_UPDATE = 8;

	private static final int ACK = 1;

	/** Flag of the last frame of a request or a response. */
	public static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private static final int LARGEST_WINDOW = Integer.MAX_VALUE;

	private final TlsPeer tls;

	private final Map<Integer, Integer> dataOfStreams = new HashMap<>();

	private final List<Integer> endedStreams = new ArrayList<>();

	private final List<Integer> resetStreams = new ArrayList<>();

	private final List<GoAway> goAways = new ArrayList<>();

	/** Part of a frame. */
	private byte[] unparsed = new byte[0];

	private int nextStream = 1;

	private boolean settingsToAnswer;

	private byte[] pingToAnswer = new byte[0];

	private Http2Peer(TlsPeer tls) {
		this.tls = tls;
	}

	/**
	 * Connect and begin to speak HTTP/2, as agreed by ALPN. The server may send as much
	 * as it wants to.
	 * @param port the server's port
	 * @param protocol the TLS version
	 * @param receiveBuffer size of the socket's receive buffer; 0 for the system's choice
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static Http2Peer connect(int port, String protocol, int receiveBuffer) throws IOException {
		SSLParameters parameters = new SSLParameters();
		parameters.setApplicationProtocols(new String[] { "h2" });
		return over(TlsPeer.connect(port, protocol, TlsPeer.newContext(), receiveBuffer, parameters));
	}

	/**
	 * Begin to speak HTTP/2, as agreed by ALPN. The server may send as much as it wants
	 * to.
	 * @param tls the connection
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static Http2Peer over(TlsPeer tls) throws IOException {
		if (!tls.engine().getApplicationProtocol().equals("h2")) {
			tls.close();
			throw new IOException("The server does not speak HTTP/2");
		}
		Http2Peer peer = new Http2Peer(tls);
		tls.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
		int initialWindowSize = 4;
		peer.send(SETTINGS, 0, 0,
				ByteBuffer.allocate(6).putShort((short) initialWindowSize).putInt(LARGEST_WINDOW).array());
		peer.send(WINDOW_UPDATE, 0, 0, intBytes(LARGEST_WINDOW - 65_535));
		return peer;
	}

	public TlsPeer tls() {
		return this.tls;
	}

	/**
	 * Send a request without a body.
	 * @param path the path and query
	 * @return the stream
	 * @throws IOException if that fails
	 */
	public int get(String path) throws IOException {
		return request("GET", path, END_STREAM);
	}

	/**
	 * Send the beginning of a request that has a body.
	 * @param path the path and query
	 * @return the stream
	 * @throws IOException if that fails
	 */
	public int post(String path) throws IOException {
		return request("POST", path, 0);
	}

	/**
	 * Ask for a WebSocket (RFC 8441), whose frames are the stream's data.
	 * @param path the path
	 * @return the stream
	 * @throws IOException if that fails
	 */
	public int webSocket(String path) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		int methodName = 2;
		literal(block, methodName, "CONNECT");
		literal(block, ":protocol", "websocket");
		return request(block, path, 0, "sec-websocket-version", "13");
	}

	private int request(String method, String path, int flags) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		block.write(method.equals("GET") ? 0x82 : 0x83);
		return request(block, path, flags);
	}

	// HPACK: an entry of the static table, or a literal, perhaps with a name from there
	private int request(ByteArrayOutputStream block, String path, int flags, String... header) throws IOException {
		int stream = this.nextStream;
		this.nextStream += 2;
		int schemeHttps = 0x87;
		block.write(schemeHttps);
		int authority = 1;
		literal(block, authority, "localhost");
		int pathName = 4;
		literal(block, pathName, path);
		if (header.length > 0) {
			literal(block, header[0], header[1]);
		}
		send(HEADERS, END_HEADERS | flags, stream, block.toByteArray());
		return stream;
	}

	private static void literal(ByteArrayOutputStream block, String name, String value) {
		block.write(0);
		string(block, name);
		string(block, value);
	}

	private static void literal(ByteArrayOutputStream block, int name, String value) {
		block.write(name);
		string(block, value);
	}

	private static void string(ByteArrayOutputStream block, String value) {
		block.write(value.length());
		block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Send a frame.
	 * @param type the type
	 * @param flags the flags
	 * @param stream the stream; 0 for the connection
	 * @param payload the payload
	 * @throws IOException if that fails
	 */
	public void send(int type, int flags, int stream, byte[] payload) throws IOException {
		this.tls.send(ByteBuffer.allocate(9 + payload.length)
			.put((byte) (payload.length >> 16))
			.putShort((short) payload.length)
			.put((byte) type)
			.put((byte) flags)
			.putInt(stream)
			.put(payload)
			.array());
	}

	/**
	 * Say that this connection will not be used any more.
	 * @throws IOException if that fails
	 */
	public void sendGoAway() throws IOException {
		send(GOAWAY, 0, 0, new byte[8]);
	}

	/**
	 * Read frames until there is the last one of a stream.
	 * @param stream the stream
	 * @return the number of bytes of the response's body
	 * @throws IOException if the connection ends before
	 */
	public int readResponse(int stream) throws IOException {
		readUntil(() -> this.endedStreams.contains(stream));
		return dataOf(stream);
	}

	/**
	 * Read frames until there is some data of a stream.
	 * @param stream the stream
	 * @throws IOException if the connection ends before
	 */
	public void readSomeDataOf(int stream) throws IOException {
		readUntil(() -> dataOf(stream) > 0);
	}

	/**
	 * Read until the server has reset a stream.
	 * @param stream the stream
	 * @throws IOException if that fails
	 */
	public void readReset(int stream) throws IOException {
		readUntil(() -> this.resetStreams.contains(stream));
	}

	/**
	 * Read frames until there is a GOAWAY.
	 * @throws IOException if the connection ends before
	 */
	public void readGoAway() throws IOException {
		readUntil(() -> !this.goAways.isEmpty());
	}

	private void readUntil(BooleanSupplier condition) throws IOException {
		parse();
		while (!condition.getAsBoolean()) {
			this.tls.readAtLeast(1);
			parse();
			answer();
		}
	}

	/**
	 * Read until the server's FIN or reset.
	 * @return the end
	 * @throws IOException if there is none for a long time
	 */
	public TlsPeer.End awaitEnd() throws IOException {
		TlsPeer.End end = this.tls.awaitEnd();
		parse();
		return end;
	}

	private void answer() throws IOException {
		if (this.settingsToAnswer) {
			this.settingsToAnswer = false;
			send(SETTINGS, ACK, 0, new byte[0]);
		}
		if (this.pingToAnswer.length > 0) {
			byte[] ping = this.pingToAnswer;
			this.pingToAnswer = new byte[0];
			send(PING, ACK, 0, ping);
		}
	}

	private void parse() {
		byte[] received = this.tls.takeReceived();
		ByteBuffer data = ByteBuffer.allocate(this.unparsed.length + received.length)
			.put(this.unparsed)
			.put(received)
			.flip();
		while (data.remaining() >= 9) {
			int typeAndLength = data.getInt(data.position());
			int length = typeAndLength >>> 8;
			if (data.remaining() < 9 + length) {
				break;
			}
			int type = typeAndLength & 0xFF;
			data.position(data.position() + 4);
			int flags = data.get();
			int stream = data.getInt();
			byte[] payload = new byte[length];
			data.get(payload);
			take(type, flags, stream, payload);
		}
		this.unparsed = new byte[data.remaining()];
		data.get(this.unparsed);
	}

	private void take(int type, int flags, int stream, byte[] payload) {
		switch (type) {
			case DATA -> this.dataOfStreams.merge(stream, payload.length, Integer::sum);
			case RST_STREAM -> this.resetStreams.add(stream);
			case SETTINGS -> this.settingsToAnswer |= (flags & ACK) == 0;
			case PING -> this.pingToAnswer = ((flags & ACK) == 0) ? payload : this.pingToAnswer;
			case GOAWAY ->
				this.goAways.add(new GoAway(ByteBuffer.wrap(payload).getInt(), ByteBuffer.wrap(payload).getInt(4)));
			default -> {
				// Of no interest
			}
		}
		if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
			this.endedStreams.add(stream);
		}
	}

	/**
	 * Return how much of a response was read.
	 * @param stream the stream
	 * @return the number of bytes of the body
	 */
	public int dataOf(int stream) {
		return this.dataOfStreams.getOrDefault(stream, 0);
	}

	/**
	 * Return the responses that were read to their end.
	 * @return the streams
	 */
	public List<Integer> endedStreams() {
		return this.endedStreams;
	}

	/**
	 * Return the streams that the server reset.
	 * @return the streams
	 */
	public List<Integer> resetStreams() {
		return this.resetStreams;
	}

	/**
	 * Return the GOAWAY frames that were read.
	 * @return the frames
	 */
	public List<GoAway> goAways() {
		return this.goAways;
	}

	/**
	 * Return whether what was read ends with a whole frame.
	 * @return whether it does
	 */
	public boolean isAtEndOfFrame() {
		return this.unparsed.length == 0;
	}

	@Override
	public void close() throws IOException {
		this.tls.close();
	}

	private static byte[] intBytes(int value) {
		return ByteBuffer.allocate(4).putInt(value).array();
	}

	/**
	 * A GOAWAY frame.
	 *
	 * @param lastStream the last stream the server has taken
	 * @param errorCode the reason, 0 for none
	 */
	public record GoAway(int lastStream, int errorCode) {
	}

}
