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

package io.github.tlsshutdown.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * An HTTPS client that knows how its connection ended.
 * <p>
 * Uses its own {@link SSLEngine}, because the JDK's sockets treat a FIN as close_notify
 * and, with TLS 1.2, answer close_notify automatically.
 */
final class TlsClient implements AutoCloseable {

	/** Shorter than the time the server waits for a request body. */
	private static final int TIMEOUT_MILLIS = 10_000;

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final Socket socket;

	private final SSLEngine engine;

	/** Received but not decrypted yet; ready to be read. */
	private final ByteBuffer received;

	private final ByteBuffer toSend;

	private final ByteBuffer decrypted;

	private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

	private boolean closeNotifyReceived;

	private boolean finReceived;

	private TlsClient(Socket socket, SSLEngine engine) {
		this.socket = socket;
		this.engine = engine;
		this.received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
		this.toSend = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
		this.decrypted = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
	}

	/**
	 * Complete the handshake on a TCP connection.
	 * @param socket the connection, which the client then owns
	 * @param trust the certificates to trust
	 * @param protocol the TLS version
	 * @return the client, to be closed
	 * @throws IOException if the handshake fails
	 */
	static TlsClient handshake(Socket socket, SSLContext trust, String protocol) throws IOException {
		SSLEngine engine = trust.createSSLEngine("localhost", socket.getPort());
		engine.setUseClientMode(true);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setProtocols(new String[] { protocol });
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		engine.setSSLParameters(parameters);
		TlsClient client = new TlsClient(socket, engine);
		try {
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.setTcpNoDelay(true);
			client.handshake();
			return client;
		}
		catch (IOException | RuntimeException | Error ex) {
			client.close();
			throw ex;
		}
	}

	private void handshake() throws IOException {
		this.engine.beginHandshake();
		HandshakeStatus status = this.engine.getHandshakeStatus();
		while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
			status = switch (status) {
				case NEED_TASK -> runTasks();
				case NEED_WRAP -> wrap(NOTHING.duplicate()).getHandshakeStatus();
				default -> unwrap();
			};
			if (this.closeNotifyReceived || this.finReceived) {
				throw new IOException("The server ended the connection during the handshake");
			}
		}
	}

	private HandshakeStatus runTasks() {
		Runnable task;
		while ((task = this.engine.getDelegatedTask()) != null) {
			task.run();
		}
		return this.engine.getHandshakeStatus();
	}

	/**
	 * Send a request that has no body.
	 * @param method the method
	 * @param path the path
	 * @throws IOException if it cannot be sent
	 */
	void request(String method, String path) throws IOException {
		send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}

	/**
	 * Send data.
	 * @param data the data
	 * @throws IOException if it cannot be sent
	 */
	void send(String data) throws IOException {
		send(StandardCharsets.US_ASCII.encode(data));
	}

	/**
	 * Send data.
	 * @param unsent the data
	 * @throws IOException if it cannot be sent
	 */
	void send(ByteBuffer unsent) throws IOException {
		while (unsent.hasRemaining()) {
			wrap(unsent);
		}
	}

	/**
	 * Send close_notify.
	 * @throws IOException if it cannot be sent
	 */
	void sendCloseNotify() throws IOException {
		this.engine.closeOutbound();
		while (!this.engine.isOutboundDone()) {
			wrap(NOTHING.duplicate());
		}
	}

	/**
	 * Send a fatal alert, by passing the engine a record that it cannot decrypt.
	 * @throws IOException if it cannot be sent
	 */
	void sendFatalAlert() throws IOException {
		byte[] broken = new byte[100];
		// Application data of TLS 1.2 or later, 95 bytes
		System.arraycopy(new byte[] { 23, 3, 3, 0, 95 }, 0, broken, 0, 5);
		try {
			this.engine.unwrap(ByteBuffer.wrap(broken), this.decrypted.clear());
		}
		catch (SSLException ex) {
			wrap(NOTHING.duplicate());
			return;
		}
		throw new IOException("The engine accepted a broken record");
	}

	/**
	 * Reset the TCP connection.
	 * @throws IOException if it cannot be reset
	 */
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	private SSLEngineResult wrap(ByteBuffer data) throws IOException {
		this.toSend.clear();
		SSLEngineResult result = this.engine.wrap(data, this.toSend);
		if (data.hasRemaining() && result.getStatus() == Status.CLOSED) {
			throw new IOException("The connection cannot send any more");
		}
		this.socket.getOutputStream().write(this.toSend.array(), 0, this.toSend.position());
		return result;
	}

	/**
	 * Read a response in full.
	 * @return the response
	 * @throws IOException if it is cut short
	 */
	Response readResponse() throws IOException {
		int headLength;
		while ((headLength = text().indexOf("\r\n\r\n")) == -1) {
			readMore();
		}
		Response head = Response.ofHead(text().substring(0, headLength));
		int bodyStart = headLength + 4;
		while (this.unread.size() < bodyStart + head.contentLength()) {
			readMore();
		}
		String body = text().substring(bodyStart);
		this.unread.reset();
		return head.withBody(body);
	}

	private String text() {
		return this.unread.toString(StandardCharsets.US_ASCII);
	}

	private void readMore() throws IOException {
		unwrap();
		if (this.closeNotifyReceived || this.finReceived) {
			throw new IOException("Response cut short after " + this.unread.size() + " bytes");
		}
	}

	/**
	 * Read until the server ends the TCP connection.
	 * @return whether it sent close_notify before
	 * @throws IOException if the connection is reset, or does not end in time
	 */
	TlsEnd readEnd() throws IOException {
		while (!this.closeNotifyReceived && !this.finReceived) {
			unwrap();
		}
		if (this.closeNotifyReceived) {
			if (this.received.hasRemaining() || this.socket.getInputStream().read() != -1) {
				throw new IOException("The server sent more after close_notify");
			}
			return TlsEnd.CLOSE_NOTIFY_THEN_FIN;
		}
		return TlsEnd.FIN_ALONE;
	}

	private HandshakeStatus unwrap() throws IOException {
		this.decrypted.clear();
		SSLEngineResult result = this.engine.unwrap(this.received, this.decrypted);
		this.unread.write(this.decrypted.array(), 0, this.decrypted.position());
		if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
			receive();
		}
		this.closeNotifyReceived = (result.getStatus() == Status.CLOSED);
		return result.getHandshakeStatus();
	}

	private void receive() throws IOException {
		this.received.compact();
		int count = this.socket.getInputStream()
			.read(this.received.array(), this.received.position(), this.received.remaining());
		this.finReceived = (count == -1);
		this.received.position(this.received.position() + Math.max(count, 0)).flip();
	}

	/**
	 * Return the server's certificate.
	 * @return the certificate
	 * @throws IOException if there is none
	 */
	Certificate serverCertificate() throws IOException {
		return this.engine.getSession().getPeerCertificates()[0];
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
