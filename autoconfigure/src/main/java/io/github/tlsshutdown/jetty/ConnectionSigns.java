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

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.HandshakeSigns;
import io.github.tlsshutdown.engine.PeerAlertException;
import io.github.tlsshutdown.engine.RequestedEnd;

/**
 * Records what happens on a connection before its end. Safe for use by several threads.
 */
final class ConnectionSigns {

	private final Exchange exchange = new Exchange();

	/** Used under the connection's lock, and when the connection was taken over. */
	private final HandshakeSigns handshake = new HandshakeSigns();

	private final Streams streams = new Streams();

	private final Requests requests = new Requests();

	private volatile boolean established;

	private volatile boolean endOfStream;

	private volatile boolean refused;

	private volatile boolean givenUp;

	private volatile boolean peerSending;

	/** Only changed by the reading thread. */
	private volatile int undelivered;

	private volatile @Nullable IOException failure;

	private volatile @Nullable RequestedEnd requestedEnd;

	/**
	 * Return the state of HTTP/1.1.
	 * @return the exchange
	 */
	Exchange exchange() {
		return this.exchange;
	}

	/**
	 * Return the state of HTTP/2.
	 * @return the streams
	 */
	Streams streams() {
		return this.streams;
	}

	/**
	 * Return the requests.
	 * @return the requests
	 */
	Requests requests() {
		return this.requests;
	}

	void established() {
		this.established = true;
	}

	boolean isEstablished() {
		return this.established;
	}

	/**
	 * Record what the peer sends during the handshake.
	 * @param records what was read and not decrypted
	 * @return whether there is a fatal alert among it
	 */
	boolean isAlertAmong(ByteBuffer records) {
		this.handshake.begun(records, records.position(), records.limit());
		return PeerAlertException.isIn(records.slice(), records.remaining());
	}

	/**
	 * Record what the engine produced.
	 * @param result the engine's result
	 * @param records the buffer it was added to
	 * @return the result
	 */
	SSLEngineResult wrapped(SSLEngineResult result, ByteBuffer records) {
		this.handshake.sent(records, records.position() - result.bytesProduced(), records.position());
		return result;
	}

	void endOfStream() {
		this.endOfStream = true;
	}

	/**
	 * Record a TLS failure.
	 * @param failure the failure
	 * @param engine its engine: if it has something to send, that is an alert
	 */
	void tlsFailed(SSLException failure, SSLEngine engine) {
		failed(failure, !(failure instanceof PeerAlertException) && !engine.isOutboundDone());
	}

	/**
	 * Record a failure of the connection below TLS.
	 * @param failure the failure
	 */
	void networkFailed(IOException failure) {
		failed(failure, false);
	}

	/**
	 * Record that Jetty's selector could not write. Jetty does not always report it when
	 * it closes, and after a reset that was detected this way, reading only returns the
	 * end of the stream. The connection is broken unless it turns out to be alive.
	 */
	void writeFailed() {
		if (!this.givenUp) {
			networkFailed(new ClosedChannelException());
		}
	}

	private synchronized void failed(IOException failure, boolean ours) {
		this.refused |= ours;
		this.failure = BeforeClose.explanation(this.failure, failure);
	}

	boolean hasFailed() {
		return this.failure != null;
	}

	/**
	 * Return whether the peer has closed the TCP connection, or has broken it.
	 * @return whether nothing more comes from it
	 */
	boolean isPeerGone() {
		return this.endOfStream || this.failure != null;
	}

	/**
	 * Record that our own side gives up everything that is incomplete now, even if the
	 * peer has closed its side.
	 */
	void givenUp() {
		this.givenUp = true;
	}

	/**
	 * Record that the peer has neither sent nor read anything for too long.
	 */
	void timedOut() {
		givenUp();
		this.handshake.timedOut();
	}

	/**
	 * Record that the peer has sent more than its requests.
	 */
	void peerSending() {
		this.peerSending = true;
	}

	/**
	 * Record that data was decrypted.
	 * @param bytes its size
	 */
	void decrypted(int bytes) {
		this.undelivered += bytes;
	}

	/**
	 * Record that the protocol above has consumed decrypted data.
	 * @param bytes its size
	 */
	void delivered(int bytes) {
		this.requests.arriving();
		this.undelivered -= bytes;
	}

	void requestedEnd(RequestedEnd requestedEnd) {
		this.requestedEnd = requestedEnd;
	}

	@Nullable RequestedEnd requestedEnd() {
		return this.requestedEnd;
	}

	/**
	 * Return the facts.
	 * @param engine the engine
	 * @param unsent whether there are records that were not written
	 * @return the facts
	 */
	BeforeClose before(SSLEngine engine, boolean unsent) {
		boolean incomplete = this.exchange.isResponseIncomplete() || (unsent && !engine.isOutboundDone());
		boolean peerGone = isPeerGone() || (engine.isInboundDone() && !this.givenUp);
		boolean responseCut = this.established && !peerGone && incomplete;
		boolean written = !this.exchange.isResponseIncomplete() || (this.exchange.isLastWrite() && !unsent);
		boolean unfinished = (isPeerGone() || engine.isInboundDone())
				&& (!written || this.exchange.isBodyUnread() || this.streams.isAnyIncomplete());
		return new BeforeClose(this.established, this.endOfStream, this.refused, this.failure, responseCut,
				isPeerSending(), unfinished, this.established ? null : this.handshake);
	}

	private boolean isPeerSending() {
		return this.peerSending || this.undelivered > 0 || this.exchange.isBodyUnread() || this.streams.isPeerSending();
	}

}
