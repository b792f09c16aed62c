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
 * What is met on a connection before its end. Safe for use by several threads.
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

	/** Only who reads changes it. */
	private volatile int undelivered;

	private volatile @Nullable IOException failure;

	private volatile @Nullable RequestedEnd requestedEnd;

	/**
	 * Return how far HTTP/1.1 is.
	 * @return the exchange
	 */
	Exchange exchange() {
		return this.exchange;
	}

	/**
	 * Return how far HTTP/2 is.
	 * @return the streams
	 */
	Streams streams() {
		return this.streams;
	}

	/**
	 * Return which requests there are.
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
	 * Note what the peer sends during the handshake.
	 * @param records what was read and not decrypted
	 * @return whether there is a fatal alert among it
	 */
	boolean isAlertAmong(ByteBuffer records) {
		this.handshake.begun(records, records.position(), records.limit());
		return PeerAlertException.isIn(records.slice(), records.remaining());
	}

	/**
	 * Note what the engine gave.
	 * @param result how much it is
	 * @param records where it was added
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
	 * Note a failure of TLS.
	 * @param failure the failure
	 * @param engine the engine that has it: if it has something to send, it is an alert
	 */
	void tlsFailed(SSLException failure, SSLEngine engine) {
		failed(failure, !(failure instanceof PeerAlertException) && !engine.isOutboundDone());
	}

	/**
	 * Note a failure of the connection below TLS.
	 * @param failure the failure
	 */
	void networkFailed(IOException failure) {
		failed(failure, false);
	}

	/**
	 * Note that something could not be written, which Jetty's selector has tried. It may
	 * not say so when it closes, and the end of the stream is all that is read after a
	 * reset that was met so. Unless the connection turns out to be alive, it is broken.
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
	 * Note that whatever is not complete now has been given up by our own side, even if
	 * the peer has closed its own.
	 */
	void givenUp() {
		this.givenUp = true;
	}

	/**
	 * Note that the peer has neither sent nor read anything for too long.
	 */
	void timedOut() {
		givenUp();
		this.handshake.timedOut();
	}

	/**
	 * Note that the peer has sent more than its requests.
	 */
	void peerSending() {
		this.peerSending = true;
	}

	/**
	 * Note that data was decrypted.
	 * @param bytes its size
	 */
	void decrypted(int bytes) {
		this.undelivered += bytes;
	}

	/**
	 * Note that the protocol above has taken data that was decrypted.
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
	 * Return what was met.
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
