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

package io.github.tlsshutdown.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.EngineConnection;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.nio.NioConnector;

/**
 * Hands a connection that no thread uses any more to the shutdown.
 */
final class Takeover {

	private final TlsShutdownSslConnection connection;

	private final SSLEngine engine;

	Takeover(TlsShutdownSslConnection connection) {
		this.connection = connection;
		this.engine = connection.getSSLEngine();
	}

	/**
	 * Begin to close the connection.
	 * @param reason why it is closed, if something has failed
	 */
	void begin(@Nullable Throwable reason) {
		if (reason != null) {
			noteFailedWrite(reason);
		}
		forgetConnection();
		byte[] unsent = this.connection.unsent();
		int size = this.engine.getSession().getPacketBufferSize();
		ByteBufferPool pool = this.connection.connector().getByteBufferPool();
		RetainableByteBuffer netIn = pool.acquire(Math.max(size, remaining(this.connection.undecrypted())), false);
		RetainableByteBuffer netOut = pool.acquire(Math.max(size, (unsent != null) ? unsent.length : 0), false);
		try {
			begin(fillIn(netIn.getByteBuffer()), fillOut(netOut.getByteBuffer(), unsent));
		}
		finally {
			release(netIn);
			release(netOut);
		}
	}

	private void begin(ByteBuffer unread, ByteBuffer unsent) {
		NioConnector tlsConnector = this.connection.tlsConnector();
		ConnectionSigns signs = this.connection.signs();
		JettyTransport transport = new JettyTransport(this.connection);
		boolean established = signs.isEstablished();
		EngineConnection known = established ? new EngineConnection(tlsConnector, transport, this.engine) : null;
		RequestedEnd requested = established ? signs.requestedEnd() : null;
		tlsConnector.shutdown(transport, this.engine, known, requested)
			.begin(signs.before(this.engine, unsent.hasRemaining()), unread, unsent);
	}

	/**
	 * Record that the connection is broken, if that is why it is closed. Data that the
	 * socket does not accept at once is written later by Jetty: an error of that write
	 * must not count as a response that our own side gave up.
	 * @param reason why the connection is closed
	 */
	private void noteFailedWrite(Throwable reason) {
		for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
			if (cause instanceof EofException && cause.getCause() instanceof IOException failure) {
				this.connection.signs().networkFailed(failure);
			}
		}
	}

	/**
	 * The JDK's engine, which may have to wait, references the connection by its ALPN
	 * selector.
	 */
	private void forgetConnection() {
		if (this.engine.getClass().getModule() == SSLEngine.class.getModule()) {
			this.engine.setHandshakeApplicationProtocolSelector(null);
		}
	}

	private ByteBuffer fillIn(ByteBuffer buffer) {
		BufferUtil.clearToFill(buffer);
		ByteBuffer undecrypted = this.connection.undecrypted();
		return (undecrypted != null) ? buffer.put(undecrypted) : buffer;
	}

	private static ByteBuffer fillOut(ByteBuffer buffer, byte @Nullable [] unsent) {
		BufferUtil.clearToFill(buffer);
		if (unsent != null) {
			buffer.put(unsent);
		}
		return buffer.flip();
	}

	private static int remaining(@Nullable ByteBuffer buffer) {
		return (buffer != null) ? buffer.remaining() : 0;
	}

	private static void release(RetainableByteBuffer buffer) {
		BufferUtil.clear(buffer.getByteBuffer());
		buffer.release();
	}

}
