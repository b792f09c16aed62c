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
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.PeerAlertException;
import io.github.tlsshutdown.engine.RequestedEnd;

/**
 * What is met on a connection before its end. Safe for use by several threads.
 */
final class ConnectionSigns {

	private final Exchange exchange = new Exchange();

	/** Of HTTP/2 there may be several. */
	private final AtomicInteger requests = new AtomicInteger();

	private volatile boolean requested;

	private volatile boolean arriving;

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
	 * Note that a request is to be handled.
	 */
	void requestBegun() {
		this.requested = true;
		this.requests.incrementAndGet();
		this.arriving = false;
	}

	/**
	 * Note that a request was handled.
	 */
	void requestEnded() {
		this.arriving = false;
		this.requests.decrementAndGet();
	}

	/**
	 * Return whether the connection has had a request.
	 * @return whether one was to be handled
	 */
	boolean isRequested() {
		return this.requested;
	}

	/**
	 * Return whether a request is handled.
	 * @return whether there is one
	 */
	boolean isHandling() {
		return this.requests.get() > 0;
	}

	/**
	 * Return whether a part of a request has arrived.
	 * @return whether there is one that is not handled yet
	 */
	boolean isArriving() {
		return this.arriving;
	}

	void established() {
		this.established = true;
	}

	boolean isEstablished() {
		return this.established;
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
		this.arriving = true;
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
		boolean incomplete = this.exchange.isResponseIncomplete() && (this.givenUp || !engine.isInboundDone());
		boolean responseCut = this.established && !isPeerGone() && (incomplete || (unsent && !engine.isOutboundDone()));
		boolean written = !this.exchange.isResponseIncomplete() || (this.exchange.isLastWrite() && !unsent);
		boolean unfinished = (isPeerGone() || engine.isInboundDone()) && (!written || this.exchange.isBodyUnread());
		return new BeforeClose(this.established, this.endOfStream, this.refused, this.failure, responseCut,
				isPeerSending(engine), unfinished);
	}

	private boolean isPeerSending(SSLEngine engine) {
		return this.peerSending || this.undelivered > 0 || this.exchange.isBodyUnread() || isHttp2(engine);
	}

	// Frames of HTTP/2 may be on their way whatever its requests are: peers answer pings
	// and settings, and widen windows, until they learn of the end.
	private boolean isHttp2(SSLEngine engine) {
		return this.established && "h2".equals(engine.getApplicationProtocol());
	}

}
