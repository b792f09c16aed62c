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

package io.github.tlsshutdown.netty;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.HandshakeSigns;
import io.github.tlsshutdown.engine.PeerAlertException;

/**
 * Records what happens on a connection until it is taken over. Used by its event loop
 * only.
 */
final class Signs {

	/** Kept, as a closed channel may no longer know it. */
	private final @Nullable SocketAddress remoteAddress;

	private final Exchanges exchanges;

	private final HandshakeSigns handshake = new HandshakeSigns();

	private final Encryption encryption = new Encryption();

	private @Nullable SSLEngine engine;

	private @Nullable String applicationProtocol;

	private long establishedAt;

	private @Nullable String serverName;

	private boolean endOfStream;

	private boolean refused;

	private boolean alertReceived;

	/** Whether the engine has answered what is being read. */
	private boolean answering;

	private @Nullable IOException failure;

	private boolean lastWriteWasEmpty = true;

	private boolean dataUnread;

	Signs(Channel channel) {
		this.remoteAddress = channel.remoteAddress();
		this.exchanges = new Exchanges(channel);
	}

	@Nullable SocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	HttpSigns http() {
		return this.exchanges.http();
	}

	void encrypt(ChannelHandlerContext plain) {
		this.encryption.flush(plain, engine());
	}

	boolean isEncrypting() {
		return this.encryption.isUnderWay();
	}

	void serverName(@Nullable String serverName) {
		this.serverName = serverName;
	}

	@Nullable String serverName() {
		return this.serverName;
	}

	void established(SslHandler sslHandler) {
		this.engine = sslHandler.engine();
		this.applicationProtocol = sslHandler.applicationProtocol();
		this.establishedAt = System.nanoTime();
	}

	/**
	 * Return when the handshake was completed.
	 * @return the time, by {@link System#nanoTime()}
	 */
	long establishedAt() {
		return this.establishedAt;
	}

	boolean isEstablished() {
		return this.engine != null;
	}

	/**
	 * Return the application protocol of a connection with a completed handshake.
	 * @return the protocol, or {@code null} if none was negotiated
	 */
	@Nullable String applicationProtocol() {
		return this.applicationProtocol;
	}

	/**
	 * Return the engine of a connection with a completed handshake.
	 * @return the engine, or {@code null} without a completed handshake
	 */
	@Nullable SSLEngine engine() {
		return this.engine;
	}

	/**
	 * Return whether the peer's close_notify was read.
	 * @return whether it was
	 */
	boolean isCloseNotifyReceived() {
		SSLEngine engine = engine();
		return engine != null && !hasTlsFailed() && engine.isInboundDone();
	}

	/**
	 * Record what the peer sends during the handshake: it may be a fatal alert that the
	 * engine does not recognize, and answers.
	 * @param data what was read
	 */
	void handshaking(ByteBuf data) {
		ByteBuffer records = data.nioBuffer();
		this.alertReceived = PeerAlertException.isIn(records, records.limit());
		if (!this.handshake.hasBegun()) {
			this.handshake.begun(records, 0, records.limit());
		}
	}

	/**
	 * Record that what was read has been processed.
	 */
	void dealtWith() {
		this.answering = false;
	}

	/**
	 * Record that something is written to the peer.
	 * @param data the data
	 * @param reading whether this happens while data is read from it
	 */
	void written(ByteBuf data, boolean reading) {
		boolean empty = !data.isReadable();
		this.lastWriteWasEmpty = empty;
		this.refused |= !empty && this.failure != null && !this.alertReceived;
		if (!empty && !isEstablished()) {
			this.answering = reading;
			ByteBuffer records = data.nioBuffer();
			this.handshake.sent(records, 0, records.limit());
		}
	}

	/**
	 * Record that our side detected the failure.
	 */
	void refused() {
		this.refused = true;
	}

	/**
	 * Record that the {@code SslHandler} gives up a connection with a completed
	 * handshake. Before that it writes its engine's alert: nothing, if the peer reported
	 * the failure.
	 */
	void givenUp() {
		if (isEstablished() && this.failure == null) {
			this.failure = new SSLException("TLS has failed");
			this.refused = !this.lastWriteWasEmpty;
		}
	}

	/**
	 * Record that something has failed.
	 * @param cause the failure; ignored unless it concerns the connection
	 */
	void failed(Throwable cause) {
		Throwable root = (cause instanceof DecoderException && cause.getCause() != null) ? cause.getCause() : cause;
		if (root instanceof IOException ex) {
			boolean found = this.encryption.isUnderWay() && isEstablished() && !hasTlsFailed();
			this.refused |= found && ex instanceof SSLException;
			this.failure = BeforeClose.explanation(this.failure, ex);
			// An OpenSSL engine produces its alert first, and then fails
			this.refused |= this.answering && !isEstablished() && hasTlsFailed() && !this.alertReceived;
			if (ex instanceof SslHandshakeTimeoutException) {
				this.handshake.timedOut();
			}
		}
	}

	@Nullable IOException failure() {
		return this.failure;
	}

	boolean hasTlsFailed() {
		return this.failure instanceof SSLException;
	}

	/**
	 * Record that the peer's FIN was read. Netty reports the same after a reset.
	 */
	void endOfStream() {
		this.endOfStream = this.failure == null;
	}

	boolean isEndOfStream() {
		return this.endOfStream;
	}

	/**
	 * Return whether nothing more will come from the peer.
	 * @return whether the peer has left, or the connection is broken
	 */
	boolean isPeerGone() {
		return this.endOfStream || this.failure != null || isCloseNotifyReceived();
	}

	/**
	 * Return whether the peer may still read a farewell.
	 * @return whether it has not left, and there is something to send
	 */
	boolean isListening() {
		return isEstablished() ? !isPeerGone() : this.refused && !this.endOfStream;
	}

	/**
	 * Record that the connection is taken over: data written from now on is not sent.
	 * @param engineFailed whether the engine has found a failure while data is read
	 */
	void takenOver(boolean engineFailed) {
		SSLEngine engine = engine();
		this.refused |= engineFailed;
		if (engine != null && (engineFailed || this.encryption.hasFailed(engine))) {
			failed(new SSLException("TLS has failed"));
		}
		this.exchanges.takenOver(isEstablished(), isPeerGone());
	}

	/**
	 * Return whether the peer may have received only part of a response.
	 * @return whether TCP has not accepted its end, so far
	 */
	boolean isResponseOpen() {
		return this.exchanges.isResponseOpen();
	}

	/**
	 * Record that the peer has sent something after the connection was taken over.
	 */
	void peerSends() {
		// Decrypted data may be its alert, and nothing else
		this.dataUnread |= !isEstablished();
	}

	private @Nullable IOException explainedFailure() {
		return (this.failure instanceof SSLException ex && this.alertReceived && !isEstablished())
				? new PeerAlertException(ex) : this.failure;
	}

	/**
	 * Return all facts.
	 * @return the facts
	 */
	BeforeClose before() {
		return new BeforeClose(isEstablished(), this.endOfStream, this.refused, explainedFailure(),
				this.exchanges.isResponseCut(), this.dataUnread || this.exchanges.isRequestOpen(),
				this.exchanges.isUnfinished(), isEstablished() ? null : this.handshake);
	}

}
