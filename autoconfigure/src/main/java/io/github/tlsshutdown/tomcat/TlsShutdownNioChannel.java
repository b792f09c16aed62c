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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

import jakarta.servlet.ServletRequest;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.nio.SocketTransport;

/**
 * A TLS channel that ends by a policy. {@link #close(boolean)} is the one place where
 * Tomcat ends a TLS connection, for HTTP/1.1, HTTP/2 and WebSocket alike.
 * <p>
 * Tomcat reuses a channel: everything that has to outlive the close is handed over.
 * <p>
 * A server that stops closes connections while other threads still use them, and HTTP/2
 * threads can arrive after a connection has gone. The two monitors protect a record that
 * is being written or read, and keep a late thread off the next connection; otherwise
 * they are uncontended. No application code runs and nothing is logged while they are
 * held.
 */
class TlsShutdownNioChannel extends AttentiveNioChannel {

	private final TomcatConnector tlsConnector;

	private final ConnectionSigns signs = new ConnectionSigns();

	/** Not reused: a late thread may still write to those of the connection before. */
	private volatile RequestSigns requestSigns = new RequestSigns(this::hasPeerLeft);

	TlsShutdownNioChannel(SocketBufferHandler buffer, NioEndpoint endpoint, TomcatConnector tlsConnector) {
		super(buffer, endpoint);
		this.tlsConnector = tlsConnector;
	}

	@Override
	public void reset(SocketChannel channel, NioSocketWrapper socketWrapper) throws IOException {
		synchronized (this.readMonitor) {
			synchronized (this.writeMonitor) {
				super.reset(channel, socketWrapper);
				if (channel != null) {
					this.signs.reset();
					this.requestSigns = new RequestSigns(this::hasPeerLeft);
					// Drop data of the previous connection
					this.netOutBuffer.clear().limit(0);
					this.tlsConnector.opened();
				}
			}
		}
	}

	@Override
	public int handshake(boolean read, boolean write) throws IOException {
		try {
			int result = super.handshake(read, write);
			if (result == 0) {
				this.signs.established();
			}
			if (result == -1) {
				this.signs.endOfStream();
			}
			return result;
		}
		catch (IOException ex) {
			if (!this.closing) {
				this.signs.failed(ex, isOurs(ex));
			}
			throw ex;
		}
	}

	@Override
	protected SSLEngineResult handshakeWrap(boolean doWrite) throws IOException {
		if (Thread.holdsLock(this.readMonitor)) {
			return answer();
		}
		synchronized (this.writeMonitor) {
			if (this.closing) {
				// A server that stops does not wait for a handshake
				throw new ClosedChannelException();
			}
			try {
				SSLEngineResult result = super.handshakeWrap(doWrite);
				this.signs.wrapped(result.bytesProduced());
				return result;
			}
			catch (SSLException ex) {
				this.signs.wrapFailed();
				dropWhatWasNotWrapped();
				throw ex;
			}
		}
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		synchronized (this.readMonitor) {
			try {
				return (int) rememberEndOfStream(super.read(dst));
			}
			catch (IOException ex) {
				throw rememberRead(ex);
			}
		}
	}

	@Override
	public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
		synchronized (this.readMonitor) {
			try {
				return rememberEndOfStream(super.read(dsts, offset, length));
			}
			catch (IOException ex) {
				throw rememberRead(ex);
			}
		}
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		synchronized (this.writeMonitor) {
			requireWritable();
			try {
				return super.write(src);
			}
			catch (IOException ex) {
				throw rememberWrite(ex);
			}
		}
	}

	@Override
	public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
		synchronized (this.writeMonitor) {
			requireWritable();
			try {
				return super.write(srcs, offset, length);
			}
			catch (IOException ex) {
				throw rememberWrite(ex);
			}
		}
	}

	@Override
	public boolean flushOutbound() throws IOException {
		synchronized (this.writeMonitor) {
			if (this.closing) {
				throw new ClosedChannelException();
			}
			return super.flushOutbound();
		}
	}

	/**
	 * Tomcat checks this to see whether {@link #close(boolean)} is still needed. It is,
	 * even if the socket was closed without Tomcat.
	 */
	@Override
	public boolean isOpen() {
		return !this.closed;
	}

	@Override
	public void close() {
		close(true);
	}

	@Override
	public void close(boolean force) {
		if (takeOutOfUse()) {
			// Without a monitor: a listener may wait for a thread that waits to write
			SocketTransport transport = new PolledTransport(this.sc, this.socketWrapper, this.tlsConnector);
			SSLEngine engine = this.sslEngine;
			TomcatConnection connection = this.signs.isEstablished()
					? new TomcatConnection(this.tlsConnector, transport, engine, this.socketWrapper) : null;
			RequestedEnd requested = (connection != null) ? this.tlsConnector.requests().take(this.socketWrapper)
					: null;
			this.tlsConnector.shutdown(transport, engine, connection, requested)
				.begin(before(), this.netInBuffer, this.netOutBuffer);
		}
	}

	/**
	 * Let reading and writing threads finish, and keep others from starting.
	 * @return whether the channel was in use until now
	 */
	private boolean takeOutOfUse() {
		synchronized (this.readMonitor) {
			synchronized (this.writeMonitor) {
				boolean wasInUse = !this.closing;
				this.closing = true;
				this.closed = true;
				return wasInUse;
			}
		}
	}

	RequestSigns requestSigns() {
		return this.requestSigns;
	}

	void readRequestedEnd(ServletRequest request) {
		this.tlsConnector.requests().read(request);
	}

	private boolean hasPeerLeft() {
		return this.signs.hasEnded() || isClosedByPeer();
	}

	private BeforeClose before() {
		// Tomcat forgets a file as soon as it has been sent
		if (this.socketWrapper.getSendfileData() != null) {
			this.requestSigns.responseCut(null);
		}
		boolean responseCut = this.requestSigns.isResponseCut() || hasUnsentRecords();
		return this.signs.before(responseCut, isBodyUnread(), this.requestSigns.isUnfinished(), handshakeSigns());
	}

	private boolean isBodyUnread() {
		return this.requestSigns.isBodyUnread() || this.tlsConnector.requests().takeBodyUnread(this.socketWrapper);
	}

	// Tomcat gives up in the middle of what it writes only if it takes too long, or stops
	private boolean hasUnsentRecords() {
		return this.signs.isEstablished() && !this.signs.hasEnded() && this.netOutBuffer.hasRemaining()
				&& !this.sslEngine.isOutboundDone();
	}

	/**
	 * Reject a write that must not be tried, without recording a failure of the
	 * connection. During a handshake the engine would encrypt data of a late thread, and
	 * the handshake's own messages would be lost.
	 * @throws ClosedChannelException before the handshake is complete
	 * @throws IOException if the thread was interrupted
	 */
	private void requireWritable() throws IOException {
		checkInterruptStatus();
		if (!this.signs.isEstablished() || isClosedForBoth()) {
			throw new ClosedChannelException();
		}
	}

	private long rememberEndOfStream(long read) {
		if (read == -1 && isInUse()) {
			this.signs.endOfStream();
		}
		return read;
	}

	private IOException rememberRead(IOException ex) {
		if (isInUse()) {
			this.signs.failed(ex, isOurs(ex));
		}
		return ex;
	}

	private IOException rememberWrite(IOException ex) {
		if (!this.closing) {
			// Our fatal alert comes out of the engine with the next write
			this.signs.failed(ex, this.netOutBuffer.hasRemaining());
		}
		if (ex instanceof SSLException) {
			dropWhatWasNotWrapped();
		}
		return ex;
	}

	@Override
	final boolean isInUse() {
		return this.signs.isEstablished() && !this.closing;
	}

}
