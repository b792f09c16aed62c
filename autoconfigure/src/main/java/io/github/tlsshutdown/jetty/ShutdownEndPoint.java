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
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The end point that protocols read from and write to. HTTP/1.1, HTTP/2 and WebSocket all
 * close it by {@link #doClose()}. From then on it reports that it is closed, while the
 * socket below it is open.
 */
final class ShutdownEndPoint extends SslConnection.SslEndPoint {

	private final AtomicBoolean taken = new AtomicBoolean();

	private volatile boolean outputShut;

	ShutdownEndPoint(TlsShutdownSslConnection connection) {
		connection.super();
	}

	// No field: the superclass's constructor asks whether this is open
	TlsShutdownSslConnection connection() {
		return (TlsShutdownSslConnection) getSslConnection();
	}

	private boolean isClosing() {
		return connection().isClosing();
	}

	@Override
	public boolean isOpen() {
		return !isClosing() && super.isOpen();
	}

	@Override
	public boolean isInputShutdown() {
		return isClosing() || super.isInputShutdown();
	}

	@Override
	public boolean isOutputShutdown() {
		return isClosing() || this.outputShut || super.isOutputShutdown();
	}

	@Override
	public int fill(ByteBuffer buffer) throws IOException {
		if (isClosing()) {
			return connection().isCloser() ? 0 : -1;
		}
		if (connection().isAnswering()) {
			return -1;
		}
		int filled = super.fill(buffer);
		if (filled > 0) {
			connection().signs().delivered(filled);
			if (this.outputShut) {
				// Jetty reads data after the last request, and drops it
				connection().signs().peerSending();
			}
		}
		return filled;
	}

	@Override
	public boolean flush(ByteBuffer... buffers) throws IOException {
		boolean nothing = BufferUtil.isEmpty(buffers);
		if (isClosing() || (this.outputShut && !nothing)) {
			throw new EofException("The TLS connection is closed");
		}
		if (connection().isAnswering()) {
			if (nothing) {
				return true;
			}
			EofException ex = new EofException("The peer has closed the TLS connection");
			close(ex);
			throw ex;
		}
		return super.flush(buffers);
	}

	/**
	 * The protocol above has written everything, but may still read: the shutdown begins
	 * when it has finished, by the policy.
	 */
	@Override
	public void doShutdownOutput() {
		this.outputShut = true;
		if (!connection().signs().isEstablished() || isPeerGone()) {
			close();
		}
	}

	/**
	 * Return whether the peer has closed the TLS or TCP connection.
	 * @return whether nothing more comes from it
	 */
	boolean isPeerGone() {
		return connection().signs().isPeerGone() || connection().getSSLEngine().isInboundDone();
	}

	@Override
	public void fillInterested(Callback callback) {
		if (this.outputShut && getConnection() instanceof ConnectionMetaData) {
			// HTTP/1.1 waits for the next request, which would not be answered. WebSocket
			// waits for the peer's Close.
			close();
			callback.failed(new ClosedChannelException());
		}
		else {
			super.fillInterested(callback);
		}
	}

	/**
	 * Called once.
	 */
	@Override
	public void doClose() {
		if (connection().socketEndPoint().getWriteFlusher().isFailed()) {
			connection().signs().writeFailed();
		}
		connection().takeOutOfUse(this::passBarrier);
	}

	/**
	 * Called after {@link #doClose()}, with the reason, and perhaps again.
	 */
	@Override
	public void onClose(@Nullable Throwable reason) {
		if (isClosing() && this.taken.compareAndSet(false, true)) {
			new Takeover(connection()).begin(reason);
		}
		super.onClose(reason);
	}

	private void passBarrier() {
		try {
			super.flush(BufferUtil.EMPTY_BUFFER);
		}
		catch (IOException | RuntimeException ex) {
			// Nothing to hand over
		}
	}

}
