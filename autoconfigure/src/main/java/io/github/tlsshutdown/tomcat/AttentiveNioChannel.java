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
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;

import io.github.tlsshutdown.engine.HandshakeSigns;
import io.github.tlsshutdown.engine.InterruptStatus;
import io.github.tlsshutdown.engine.PeerAlertException;

/**
 * A TLS channel that processes everything its peer has sent. Tomcat checks for the end of
 * the stream before it decrypts the data before it, and reports the end during a
 * handshake like any failure.
 */
abstract class AttentiveNioChannel extends AnsweringNioChannel {

	private volatile boolean taskFailed;

	/** A new one for each connection, as it is read after the connection has ended. */
	private volatile HandshakeSigns handshakeSigns = new HandshakeSigns();

	AttentiveNioChannel(SocketBufferHandler buffer, NioEndpoint endpoint) {
		super(buffer, endpoint);
	}

	@Override
	public void reset(SocketChannel channel, NioSocketWrapper socketWrapper) throws IOException {
		super.reset(channel, socketWrapper);
		this.taskFailed = false;
		this.handshakeSigns = new HandshakeSigns();
	}

	/**
	 * Return whether a thread's failure can concern this connection. A thread that still
	 * serves the previous connection can arrive before this one has sent its ClientHello,
	 * and then gets an exception that the channel is closed.
	 * @return whether it can
	 */
	abstract boolean isInUse();

	/**
	 * Reads the peer's first bytes, before there is an engine.
	 */
	@Override
	protected int processSNI() throws IOException {
		try {
			return super.processSNI();
		}
		finally {
			this.handshakeSigns.begun(this.netInBuffer, 0, this.netInBuffer.position());
		}
	}

	@Override
	protected SSLEngineResult handshakeWrap(boolean doWrite) throws IOException {
		SSLEngineResult result = super.handshakeWrap(doWrite);
		if (result.bytesProduced() > 0) {
			this.handshakeSigns.sent(this.netOutBuffer, 0, this.netOutBuffer.limit());
		}
		return result;
	}

	/**
	 * Return the facts about the handshake. Called when the connection is closed.
	 * @return the facts
	 */
	final HandshakeSigns handshakeSigns() {
		if (this.socketWrapper.getError() instanceof SocketTimeoutException) {
			this.handshakeSigns.timedOut();
		}
		return this.handshakeSigns;
	}

	@Override
	protected SSLEngineResult handshakeUnwrap(boolean doRead) throws IOException {
		if (doRead && this.sc.read(this.netInBuffer) == -1) {
			// Tomcat uses one exception for everything that ends a handshake
			throw new EOFException("The peer has left during the handshake");
		}
		boolean alert = PeerAlertException.isIn(this.netInBuffer, this.netInBuffer.position());
		try {
			return super.handshakeUnwrap(false);
		}
		catch (SSLException ex) {
			throw alert ? new PeerAlertException(ex) : ex;
		}
	}

	/**
	 * Runs code of the application, such as its trust manager.
	 */
	@Override
	protected HandshakeStatus tasks() {
		boolean wasDone = isInboundDone();
		boolean interrupted = Thread.currentThread().isInterrupted();
		try {
			return super.tasks();
		}
		finally {
			InterruptStatus.restore(interrupted);
			this.taskFailed |= !wasDone && isInboundDone();
		}
	}

	/**
	 * Return whether the peer has closed its side. An engine whose task has failed also
	 * reports its input as closed, and reports that failure later.
	 * @return whether its close_notify was read
	 */
	final boolean isClosedByPeer() {
		return isInboundDone() && !this.taskFailed;
	}

	/**
	 * Return whether the peer's close_notify has ended both directions, as it does before
	 * TLS 1.3 (RFC 5246 section 7.2.1): the engine then produces only its own
	 * close_notify, under any policy.
	 * @return whether nothing can be encrypted any more
	 */
	final boolean isClosedForBoth() {
		SSLEngine engine = this.sslEngine;
		return isClosedByPeer() && engine != null && !"TLSv1.3".equals(engine.getSession().getProtocol());
	}

	private boolean isInboundDone() {
		SSLEngine engine = this.sslEngine;
		return engine != null && engine.isInboundDone();
	}

	/**
	 * Return whether data was read that could not be decrypted yet: part of a record.
	 * @return whether there is any
	 */
	final boolean hasUndecrypted() {
		return this.netInBuffer.position() > 0;
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		int read = super.read(dst);
		return (read != -1) ? read : (int) decryptLeft(new ByteBuffer[] { dst }, 0, 1);
	}

	@Override
	public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
		long read = super.read(dsts, offset, length);
		return (read != -1) ? read : decryptLeft(dsts, offset, length);
	}

	// Tomcat does not decrypt data that was read together with the end of the handshake
	// once the peer's FIN has arrived
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

	/**
	 * Return whether our side detected a failure.
	 * @param ex the failure
	 * @return whether the peer was sent an alert for it, or will be
	 */
	final boolean isOurs(IOException ex) {
		if (ex instanceof PeerAlertException) {
			return false;
		}
		// Without an engine, plain HTTP has been answered
		return (this.sslEngine != null) ? ex instanceof SSLException && !this.sslEngine.isOutboundDone()
				: this.netOutBuffer.position() > 0;
	}

}
