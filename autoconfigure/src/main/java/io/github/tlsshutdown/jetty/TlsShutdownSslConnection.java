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
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.PeerAlertException;
import io.github.tlsshutdown.nio.NioConnector;

/**
 * A Jetty TLS connection that ends by a policy. Protocols use its
 * {@link ShutdownEndPoint}; this class is the side of the engine and the socket.
 * <p>
 * Jetty accesses them only by {@link #wrap}, {@link #unwrap}, {@link #networkFill} and
 * {@link #networkFlush}, always with the connection's lock held. These record what
 * happens, and fail once the connection is closing.
 */
final class TlsShutdownSslConnection extends SslConnection {

	private static final SSLEngineResult CLOSED = new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0,
			0);

	private static final SSLEngineResult NOTHING = new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, 0,
			0);

	private final NioConnector tlsConnector;

	private final Connector connector;

	private final ConnectionSigns signs = new ConnectionSigns();

	private final AtomicBoolean closedTold = new AtomicBoolean();

	/** Whether the engine wants to answer the peer's close_notify automatically. */
	private volatile boolean answering;

	private volatile boolean closing;

	/** The thread that takes the connection over. */
	private volatile @Nullable Thread closer;

	/** Data that was read but not decrypted yet, under the connection's lock. */
	private @Nullable ByteBuffer undecrypted;

	/** Data encrypted but not written yet, once the connection was taken over. */
	private byte @Nullable [] unsent;

	TlsShutdownSslConnection(NioConnector tlsConnector, Connector connector, SslContextFactory.Server tls,
			EndPoint endPoint, SSLEngine engine, boolean directEncryption, boolean directDecryption) {
		super(connector.getByteBufferPool(), connector.getExecutor(), tls, endPoint, engine, directEncryption,
				directDecryption);
		this.tlsConnector = tlsConnector;
		this.connector = connector;
		addHandshakeListener(new SslHandshakeListener() {

			@Override
			public void handshakeSucceeded(Event event) {
				TlsShutdownSslConnection.this.signs.established();
			}

		});
	}

	// Called by the superclass's constructor: our own fields are not set yet
	@Override
	protected SslEndPoint newSslEndPoint() {
		return new ShutdownEndPoint(this);
	}

	NioConnector tlsConnector() {
		return this.tlsConnector;
	}

	Connector connector() {
		return this.connector;
	}

	ConnectionSigns signs() {
		return this.signs;
	}

	boolean isClosing() {
		return this.closing;
	}

	boolean isAnswering() {
		return this.answering;
	}

	boolean isCloser() {
		return this.closer == Thread.currentThread();
	}

	@Nullable ByteBuffer undecrypted() {
		return this.undecrypted;
	}

	byte @Nullable [] unsent() {
		return this.unsent;
	}

	/**
	 * Let reading and writing threads finish, and keep others from starting.
	 * @param barrier takes the connection's lock, and makes Jetty call
	 * {@link #networkFlush} with data that was encrypted but not written
	 */
	void takeOutOfUse(Runnable barrier) {
		this.closing = true;
		this.closer = Thread.currentThread();
		try {
			barrier.run();
		}
		finally {
			this.closer = null;
		}
		cancelNetworkWrite();
	}

	@Override
	protected SSLEngineResult unwrap(SSLEngine engine, ByteBuffer input, ByteBuffer output) throws SSLException {
		if (this.closing) {
			return CLOSED;
		}
		this.undecrypted = null;
		boolean alert = !this.signs.isEstablished() && this.signs.isAlertAmong(input);
		SSLEngineResult result;
		try {
			result = super.unwrap(engine, input, output);
			this.undecrypted = input.hasRemaining() ? input : null;
			if (result.bytesProduced() > 0) {
				this.signs.decrypted(result.bytesProduced());
			}
			this.answering |= this.signs.isEstablished() && result.getStatus() == Status.CLOSED
					&& EngineState.wantsToAnswer(engine);
		}
		catch (SSLException ex) {
			this.signs.tlsFailed(alert ? new PeerAlertException(ex) : ex, engine);
			throw ex;
		}
		if (this.signs.isEstablished() && EngineState.wantsToRenegotiate(engine, result) && !mayRenegotiate()) {
			// Jetty would report to the engine that the peer has closed its side. It
			// drops what it has read.
			this.undecrypted = null;
			throw new SSLException("Renegotiation is not allowed");
		}
		return result;
	}

	private boolean mayRenegotiate() {
		return isRenegotiationAllowed() && getRenegotiationLimit() != 0;
	}

	@Override
	protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] input, ByteBuffer output) throws SSLException {
		if (this.closing || this.answering) {
			if (BufferUtil.isEmpty(input) && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
				return NOTHING;
			}
			// Jetty would treat anything else as a renegotiation, and send FIN
			throw new SSLException("The TLS connection is closed");
		}
		try {
			return this.signs.wrapped(super.wrap(engine, input, output), output);
		}
		catch (SSLException ex) {
			this.signs.tlsFailed(ex, engine);
			throw ex;
		}
	}

	@Override
	protected int networkFill(ByteBuffer input) throws IOException {
		if (this.closing) {
			return 0;
		}
		int filled = super.networkFill(input);
		if (filled == -1 && !this.signs.hasFailed()) {
			noteEnd();
		}
		return filled;
	}

	private void noteEnd() {
		try {
			// Jetty reports a reset as the end of the stream, the channel does not.
			if (socket().read(ByteBuffer.allocate(1)) == -1) {
				this.signs.endOfStream();
			}
		}
		catch (IOException ex) {
			this.signs.networkFailed(ex);
		}
	}

	@Override
	protected boolean networkFlush(ByteBuffer output) throws IOException {
		if (isCloser()) {
			// Nothing else may write it any more, not even the rest of a record
			cancelNetworkWrite();
			byte[] rest = new byte[output.remaining()];
			output.get(rest);
			this.unsent = rest;
			return true;
		}
		try {
			return super.networkFlush(output);
		}
		catch (IOException ex) {
			if (!this.closing) {
				this.signs.networkFailed(ex);
			}
			throw ex;
		}
	}

	// Returns when no thread writes any more
	private void cancelNetworkWrite() {
		EofException cause = new EofException("The TLS connection is closed");
		Callback callback = getEndPoint().cancelWrite(cause);
		if (callback != null) {
			Executions.run(getExecutor(), () -> callback.failed(cause));
		}
	}

	SocketChannel socket() {
		return SocketEndPoints.socket(socketEndPoint());
	}

	AbstractEndPoint socketEndPoint() {
		return SocketEndPoints.of(getEndPoint());
	}

	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		if (this.closing) {
			return false;
		}
		this.signs.timedOut();
		if (!super.onIdleExpired(timeout)) {
			return false;
		}
		AbstractEndPoint endPoint = socketEndPoint();
		if (endPoint.isFillInterested() && !endPoint.getWriteFlusher().isPending()) {
			return true;
		}
		// Jetty would drop half a record, or close the socket itself
		getSslEndPoint().close(timeout);
		return false;
	}

	/**
	 * Called when the connection was taken over, and again when its socket is closed.
	 */
	@Override
	public void onClose(@Nullable Throwable cause) {
		if (this.closedTold.compareAndSet(false, true)) {
			// Does nothing unless Jetty has closed the socket itself
			getSslEndPoint().close(cause);
			super.onClose(cause);
		}
	}

}
