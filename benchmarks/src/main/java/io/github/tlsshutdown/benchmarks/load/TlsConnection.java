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

package io.github.tlsshutdown.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A client's end of a TLS connection, with blocking reads and writes. One thread may read
 * while another writes.
 */
public final class TlsConnection implements AutoCloseable {

	private static final int RECORD = 17 * 1024;

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final SocketChannel socket;

	private final SSLEngine engine;

	private final ByteBuffer netIn = ByteBuffer.allocate(2 * RECORD).flip();

	private final ByteBuffer netOut = ByteBuffer.allocate(RECORD);

	private final ByteBuffer appIn = ByteBuffer.allocate(2 * RECORD).flip();

	private boolean resumed;

	TlsConnection(SocketChannel socket, SSLEngine engine) {
		this.socket = socket;
		this.engine = engine;
	}

	void handshake() throws IOException {
		long begin = System.currentTimeMillis();
		this.engine.beginHandshake();
		HandshakeStatus status;
		while ((status = this.engine.getHandshakeStatus()) != HandshakeStatus.NOT_HANDSHAKING) {
			switch (status) {
				case NEED_WRAP -> wrap(NOTHING.duplicate());
				case NEED_TASK -> runTasks();
				default -> {
					if (!unwrap()) {
						throw new EOFException("The server ended the connection in the handshake");
					}
				}
			}
		}
		this.resumed = this.engine.getSession().getCreationTime() < begin;
	}

	/**
	 * Return whether the handshake resumed an earlier session.
	 * @return whether the session is older than the connection
	 */
	public boolean isResumed() {
		return this.resumed;
	}

	/**
	 * Send a text.
	 * @param text the text
	 * @throws IOException if it cannot be sent
	 */
	public void write(String text) throws IOException {
		write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
	}

	/**
	 * Send data.
	 * @param data the data, all of which is sent
	 * @throws IOException if it cannot be sent
	 */
	public void write(ByteBuffer data) throws IOException {
		while (data.hasRemaining()) {
			wrap(data);
		}
	}

	private void wrap(ByteBuffer data) throws IOException {
		this.netOut.clear();
		SSLEngineResult result = this.engine.wrap(data, this.netOut);
		this.netOut.flip();
		while (this.netOut.hasRemaining()) {
			this.socket.write(this.netOut);
		}
		if (result.getStatus() == SSLEngineResult.Status.CLOSED && data.hasRemaining()) {
			throw new SSLException("This end was closed");
		}
	}

	/**
	 * Return what was received, after waiting for something.
	 * @return the data, to be read from; empty if the server's alert or its FIN came
	 * @throws IOException if the connection was reset
	 */
	public ByteBuffer read() throws IOException {
		while (!this.appIn.hasRemaining() && unwrap()) {
			if (this.engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
				runTasks();
			}
		}
		return this.appIn;
	}

	private boolean unwrap() throws IOException {
		this.appIn.clear();
		try {
			while (true) {
				SSLEngineResult result = this.engine.unwrap(this.netIn, this.appIn);
				if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
					return false;
				}
				if (result.getStatus() == SSLEngineResult.Status.OK) {
					return true;
				}
				this.netIn.compact();
				int received;
				try {
					received = this.socket.read(this.netIn);
				}
				finally {
					this.netIn.flip();
				}
				if (received == -1) {
					return false;
				}
			}
		}
		finally {
			this.appIn.flip();
		}
	}

	private void runTasks() {
		Runnable task;
		while ((task = this.engine.getDelegatedTask()) != null) {
			task.run();
		}
	}

	/**
	 * Return whether the server's close_notify was received.
	 * @return whether it was
	 */
	public boolean isCloseNotifyReceived() {
		return this.engine.isInboundDone();
	}

	/**
	 * Send close_notify.
	 * @throws IOException if it cannot be sent
	 */
	public void closeNotify() throws IOException {
		this.engine.closeOutbound();
		while (!this.engine.isOutboundDone()) {
			wrap(NOTHING.duplicate());
		}
	}

	/**
	 * Return the socket, for those who need nothing else any more.
	 * @return the socket
	 */
	public SocketChannel socket() {
		return this.socket;
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// There is nothing more to be had of it
		}
	}

}
