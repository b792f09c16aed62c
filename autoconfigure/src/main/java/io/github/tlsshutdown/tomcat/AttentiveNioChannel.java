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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;

import io.github.tlsshutdown.engine.InterruptStatus;
import io.github.tlsshutdown.engine.PeerAlertException;

/**
 * A TLS channel that hears its peer out. Tomcat looks for the end of the stream before it
 * decrypts what came before, and reports that end like any failure if it comes during a
 * handshake.
 */
abstract class AttentiveNioChannel extends AnsweringNioChannel {

	private volatile boolean taskFailed;

	AttentiveNioChannel(SocketBufferHandler buffer, NioEndpoint endpoint) {
		super(buffer, endpoint);
	}

	@Override
	public void reset(SocketChannel channel, NioSocketWrapper socketWrapper) throws IOException {
		super.reset(channel, socketWrapper);
		this.taskFailed = false;
	}

	/**
	 * Return whether what a thread meets can be this connection's doing. A thread that
	 * still serves the connection before may come when this one has not sent its
	 * ClientHello yet, and is told that the channel is closed.
	 * @return whether it can be
	 */
	abstract boolean isInUse();

	@Override
	protected SSLEngineResult handshakeUnwrap(boolean doRead) throws IOException {
		if (doRead && this.sc.read(this.netInBuffer) == -1) {
			// Tomcat has one exception for this and for whatever else ends a handshake
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
	 * Return whether the peer has closed its side. An engine whose task has failed calls
	 * its input done as well, and reports that failure later.
	 * @return whether its close_notify was read
	 */
	final boolean isClosedByPeer() {
		return isInboundDone() && !this.taskFailed;
	}

	/**
	 * Return whether the peer's close_notify has ended both directions, as it does before
	 * TLS 1.3 (RFC 5246 section 7.2.1): all that the engine gave for data is its own,
	 * whatever the policy.
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

	/**
	 * Return whether it was us who found a failure.
	 * @param ex the failure
	 * @return whether the peer was told of it, or is to be
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
