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

import io.netty.channel.Channel;

/**
 * Whether requests and responses are complete when a connection is taken over.
 */
final class Exchanges {

	private final HttpSigns http = new HttpSigns();

	private final StreamSigns streams;

	private boolean encrypted;

	private boolean peerGone;

	private boolean requestOpen;

	private boolean streamOpen;

	Exchanges(Channel channel) {
		this.streams = new StreamSigns(channel);
	}

	HttpSigns http() {
		return this.http;
	}

	/**
	 * Record that the connection is taken over: data written from now on is not sent.
	 * @param encrypted whether the handshake was completed
	 * @param peerGone whether nothing more will come from the peer
	 */
	void takenOver(boolean encrypted, boolean peerGone) {
		this.encrypted = encrypted;
		this.peerGone = peerGone;
		this.streamOpen = this.streams.isResponseOpen();
		this.requestOpen = this.http.isRequestOpen() || this.streams.isRequestOpen();
		this.http.takenOver();
	}

	/**
	 * Return whether a request was not read completely.
	 * @return whether the peer may still be sending
	 */
	boolean isRequestOpen() {
		// Data that arrived with the last request is decoded only after the response
		return this.requestOpen || this.http.isRequestOpen();
	}

	/**
	 * Return whether a response had begun, and TCP has not accepted its end since.
	 * @return whether the peer may have received only part of a response
	 */
	boolean isResponseOpen() {
		return this.encrypted && (this.streamOpen || this.http.isResponseOpen());
	}

	/**
	 * Return whether our side ends a response before it is complete.
	 * @return whether it does
	 */
	boolean isResponseCut() {
		return !this.peerGone && isResponseOpen();
	}

	/**
	 * Return whether the peer has left before an exchange was complete.
	 * @return whether it has
	 */
	boolean isUnfinished() {
		return this.peerGone && (this.requestOpen || isResponseOpen());
	}

}
