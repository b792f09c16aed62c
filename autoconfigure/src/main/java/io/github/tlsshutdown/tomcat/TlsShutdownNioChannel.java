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

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.InterruptStatus;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.nio.SocketTransport;

/**
 * A TLS channel that ends by a policy. {@link #close(boolean)} is the one place where
 * Tomcat ends a TLS connection, for HTTP/1.1, HTTP/2 and WebSocket alike.
 * <p>
 * Tomcat reuses a channel for one connection after the other: what has to outlive the
 * close is handed over to a {@link ConnectionShutdown}.
 * <p>
 * A server that stops closes connections while other threads still use them, and threads
 * of HTTP/2 may come when a connection has gone. The two monitors keep a record that is
 * being written, or read, whole, and a thread that is late from meeting the next
 * connection half-way; they are uncontended otherwise. No code of the application runs
 * under them, nor does anything log.
 */
class TlsShutdownNioChannel extends AnsweringNioChannel {

	private final TomcatConnector tlsConnector;

	private final ConnectionSigns signs = new ConnectionSigns();

	private final RequestSigns requestSigns = new RequestSigns(this::hasPeerLeft);

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
					this.requestSigns.reset();
					// Nothing of the connection before
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

	/**
	 * Tomcat has one exception for the peer's FIN and for whatever else ends a handshake.
	 */
	@Override
	protected SSLEngineResult handshakeUnwrap(boolean doRead) throws IOException {
		try {
			return super.handshakeUnwrap(doRead);
		}
		catch (SSLException | SocketException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw (IOException) new EOFException(ex.getMessage()).initCause(ex);
		}
	}

	@Override
	protected SSLEngineResult handshakeWrap(boolean doWrite) throws IOException {
		if (Thread.holdsLock(this.readMonitor)) {
			return answer();
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

	/**
	 * Runs code of the application, such as its trust manager.
	 */
	@Override
	protected HandshakeStatus tasks() {
		boolean interrupted = Thread.currentThread().isInterrupted();
		try {
			return super.tasks();
		}
		finally {
			InterruptStatus.restore(interrupted);
		}
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		synchronized (this.readMonitor) {
			try {
				int read = super.read(dst);
				return (int) rememberEndOfStream((read != -1) ? read : decryptLeft(new ByteBuffer[] { dst }, 0, 1));
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
				long read = super.read(dsts, offset, length);
				return rememberEndOfStream((read != -1) ? read : decryptLeft(dsts, offset, length));
			}
			catch (IOException ex) {
				throw rememberRead(ex);
			}
		}
	}

	// What was read together with the end of the handshake Tomcat does not decrypt once
	// the peer's FIN is there
	private long decryptLeft(ByteBuffer[] dsts, int offset, int length) throws IOException {
		SSLEngine engine = this.sslEngine;
		long read = 0;
		while (isInUse() && engine != null && this.netInBuffer.position() > 0) {
			this.netInBuffer.flip();
			SSLEngineResult result;
			try {
				result = engine.unwrap(this.netInBuffer, dsts, offset, length);
			}
			finally {
				this.netInBuffer.compact();
			}
			read += result.bytesProduced();
			if (result.bytesConsumed() == 0) {
				break;
			}
		}
		return (read > 0) ? read : -1;
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
	 * Tomcat asks this to learn whether {@link #close(boolean)} is still due. It is, even
	 * if the socket was closed behind Tomcat's back: the connection must be counted. A
	 * file is sent only as long as the answer is yes.
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
			TomcatConnection connection = (this.signs.isEstablished() && engine != null)
					? new TomcatConnection(this.tlsConnector, transport, engine, this.socketWrapper) : null;
			RequestedEnd requested = (connection != null) ? this.tlsConnector.requests().take(this.socketWrapper)
					: null;
			this.tlsConnector.shutdown(transport, engine, connection, requested)
				.begin(before(), this.netInBuffer, this.netOutBuffer);
		}
	}

	/**
	 * Let who reads or writes finish, and nobody else begin.
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

	private boolean hasPeerLeft() {
		SSLEngine engine = this.sslEngine;
		return this.signs.hasEnded() || (engine != null && engine.isInboundDone());
	}

	private BeforeClose before() {
		return this.signs.before(this.requestSigns.isResponseCut() || hasUnsentRecords(), isBodyUnread());
	}

	private boolean isBodyUnread() {
		return this.requestSigns.isBodyUnread() || this.tlsConnector.requests().takeBodyUnread(this.socketWrapper);
	}

	// Tomcat gives up in the middle of what it writes only if it takes too long, or stops
	private boolean hasUnsentRecords() {
		SSLEngine engine = this.sslEngine;
		return this.signs.isEstablished() && !this.signs.hasEnded() && engine != null
				&& this.netOutBuffer.hasRemaining() && !engine.isOutboundDone();
	}

	/**
	 * Refuse what must not be tried, and is not to be remembered as the connection's
	 * failure. The engine would encrypt for a thread that is late in the middle of the
	 * handshake, and what that handshake has to send would be lost.
	 * @throws ClosedChannelException before the handshake is complete
	 * @throws IOException if the thread was interrupted
	 */
	private void requireWritable() throws IOException {
		checkInterruptStatus();
		if (!this.signs.isEstablished() || isClosedByPeer()) {
			throw new ClosedChannelException();
		}
	}

	// The peer's close_notify ends both directions before TLS 1.3 (RFC 5246 section
	// 7.2.1): all that the engine gave for data is its own, whatever the policy
	private boolean isClosedByPeer() {
		SSLEngine engine = this.sslEngine;
		return engine != null && engine.isInboundDone() && !"TLSv1.3".equals(engine.getSession().getProtocol());
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
			// A fatal alert of ours comes out of the engine with the next write
			this.signs.failed(ex, this.netOutBuffer.hasRemaining());
		}
		if (ex instanceof SSLException) {
			dropWhatWasNotWrapped();
		}
		return ex;
	}

	/**
	 * Tomcat has emptied the buffer for a record that the engine then did not give. All
	 * of it counts as unsent now: records that were sent before, by another connection
	 * even.
	 */
	private void dropWhatWasNotWrapped() {
		this.netOutBuffer.limit(0);
	}

	/**
	 * Whether what a thread meets can be this connection's doing. A thread that still
	 * serves the connection before may come when this one has not sent its ClientHello
	 * yet, and is told that the channel is closed.
	 * @return whether it can be
	 */
	private boolean isInUse() {
		return this.signs.isEstablished() && !this.closing;
	}

	private boolean isOurs(IOException ex) {
		// Without an engine, plain HTTP has been answered
		return (this.sslEngine != null) ? ex instanceof SSLException && !this.sslEngine.isOutboundDone()
				: this.netOutBuffer.position() > 0;
	}

}
