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
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
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

	private boolean established;

	private boolean endOfStream;

	private boolean wrapFailed;

	private boolean refused;

	private @Nullable IOException failure;

	private volatile boolean bodyUnread;

	private volatile boolean responseCut;

	private volatile @Nullable TlsShutdownHttp11Processor processor;

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
					this.established = false;
					this.endOfStream = false;
					this.wrapFailed = false;
					this.refused = false;
					this.failure = null;
					this.bodyUnread = false;
					this.responseCut = false;
					this.processor = null;
					// Nothing of the connection before
					this.netOutBuffer.clear().limit(0);
				}
			}
		}
	}

	@Override
	public int handshake(boolean read, boolean write) throws IOException {
		try {
			int result = super.handshake(read, write);
			if (result == 0) {
				this.established = true;
			}
			this.endOfStream |= (result == -1);
			return result;
		}
		catch (IOException ex) {
			if (!this.closing) {
				remember(ex, isOurs(ex));
			}
			throw ex;
		}
	}

	@Override
	protected SSLEngineResult handshakeWrap(boolean doWrite) throws IOException {
		if (Thread.holdsLock(this.readMonitor)) {
			return answer();
		}
		try {
			SSLEngineResult result = super.handshakeWrap(doWrite);
			// Tomcat sends the engine's fatal alert by a second call. There is none if
			// all the engine had to tell was the peer's.
			this.refused |= this.wrapFailed && result.bytesProduced() > 0;
			return result;
		}
		catch (SSLException ex) {
			this.wrapFailed = true;
			dropWhatWasNotWrapped();
			throw ex;
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
			TomcatConnection connection = (this.established && engine != null)
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

	/**
	 * Set who is at work on the connection's requests.
	 * @param processor the processor, or {@code null} if the connection is idle, or has
	 * another protocol
	 */
	void setProcessor(@Nullable TlsShutdownHttp11Processor processor) {
		this.processor = processor;
	}

	/**
	 * Note that the body of a request was not read to its end.
	 */
	void bodyUnread() {
		this.bodyUnread = true;
	}

	/**
	 * Note that a response was not finished.
	 * @param cause why, if it is known. A peer that has left is the reason itself, unless
	 * it is the time of our own that was over: a peer may close its side and still read.
	 */
	void responseCut(@Nullable Throwable cause) {
		if (cause instanceof SocketTimeoutException || !hasPeerLeft()) {
			this.responseCut = true;
		}
	}

	private boolean hasPeerLeft() {
		SSLEngine engine = this.sslEngine;
		return this.endOfStream || this.failure != null || (engine != null && engine.isInboundDone());
	}

	private BeforeClose before() {
		TlsShutdownHttp11Processor processor = this.processor;
		if (processor != null && processor.isResponseIncomplete()) {
			// The server stops
			responseCut(null);
		}
		return new BeforeClose(this.established, this.endOfStream, this.refused, this.failure,
				this.responseCut || hasUnsentRecords(), this.bodyUnread || isHttp2());
	}

	/**
	 * Frames of HTTP/2 may be on their way whatever its requests are: peers answer pings
	 * and settings, and widen windows, until they learn of the end.
	 */
	private boolean isHttp2() {
		return "h2".equals(this.socketWrapper.getNegotiatedProtocol());
	}

	/**
	 * Tomcat gives up in the middle of what it writes only if it takes too long, or
	 * stops.
	 * @return whether there are records that were not written
	 */
	private boolean hasUnsentRecords() {
		SSLEngine engine = this.sslEngine;
		return this.established && engine != null && this.netOutBuffer.hasRemaining() && !engine.isOutboundDone();
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
		if (!this.established) {
			throw new ClosedChannelException();
		}
	}

	private long rememberEndOfStream(long read) {
		this.endOfStream |= (read == -1 && isInUse());
		return read;
	}

	private IOException rememberRead(IOException ex) {
		if (isInUse()) {
			remember(ex, isOurs(ex));
		}
		return ex;
	}

	private IOException rememberWrite(IOException ex) {
		if (!this.closing) {
			// A fatal alert of ours comes out of the engine with the next write
			remember(ex, this.netOutBuffer.hasRemaining());
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
		return this.established && !this.closing;
	}

	private boolean isOurs(IOException ex) {
		// Without an engine, plain HTTP has been answered
		return (this.sslEngine != null) ? ex instanceof SSLException && !this.sslEngine.isOutboundDone()
				: this.netOutBuffer.position() > 0;
	}

	private synchronized void remember(IOException ex, boolean ours) {
		this.refused |= ours;
		// The first failure explains the others, and one of TLS what a thread that was
		// writing has met because of it
		if (this.failure == null || (ex instanceof SSLException && !(this.failure instanceof SSLException))) {
			this.failure = ex;
		}
	}

}
