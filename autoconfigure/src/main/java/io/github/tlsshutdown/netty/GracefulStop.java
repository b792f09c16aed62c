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

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.websocket.WebsocketOutbound;

import io.github.tlsshutdown.engine.DrainTerms;

/**
 * Handles a connection between the beginning of a graceful stop and the stop itself.
 * Reactor Netty closes idle connections at once, on another thread: by then, a request
 * may have arrived, or be about to, as the client has just connected. Such a request is
 * answered, and then the connection ends. Used by the connection's event loop only.
 */
final class GracefulStop {

	/** How long an event loop has to read what has already arrived. */
	private static final Duration GLANCE = Duration.ofMillis(5);

	private final NettyConnector connector;

	private final NettyConnection connection;

	private final Signs signs;

	private boolean postponed;

	private boolean answered;

	GracefulStop(NettyConnector connector, NettyConnection connection, Signs signs) {
		this.connector = connector;
		this.connection = connection;
		this.signs = signs;
		signs.http().stopWith(this);
	}

	/**
	 * Return whether each response is the last on its connection, because the server is
	 * about to stop.
	 * @return whether it is
	 */
	boolean isUnderWay() {
		return this.connector.isStoppingGracefully();
	}

	/**
	 * The stop begins. Otherwise, a WebSocket client would not be notified.
	 */
	void begin() {
		if (ChannelOperations.get(channel()) instanceof WebsocketOutbound webSocket) {
			webSocket.sendClose(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "The server stops").subscribe();
		}
	}

	/**
	 * There may be a WebSocket only now.
	 */
	void upgraded() {
		if (isUnderWay()) {
			begin();
		}
	}

	/**
	 * The handshake is complete. Reactor Netty closes the connections that it has when
	 * the stop begins, and has this one only now.
	 */
	void handshakeCompleted() {
		if (isUnderWay()) {
			// The SslHandler is still reading, and must not be removed
			channel().eventLoop().execute(channel()::close);
		}
	}

	/**
	 * Reactor Netty wants to close the connection.
	 * @return whether that has to wait for a request
	 */
	boolean postpone() {
		HttpSigns http = this.signs.http();
		if (!isUnderWay() || this.answered || !http.isInUse() || http.isUpgraded() || http.isResponseOpen()
				|| this.signs.isPeerGone()) {
			return false;
		}
		if (!http.isUnanswered()) {
			giveUpAfter(nanosForRequest());
		}
		if (!this.postponed) {
			this.postponed = true;
			this.connector.postponed(1);
		}
		return true;
	}

	private long nanosForRequest() {
		boolean requested = this.signs.http().isRequested();
		long since = requested ? this.signs.http().answeredAt() : this.signs.establishedAt();
		long end = since + DrainTerms.untilNextRequest(requested, this.connector.getSettings()).toNanos();
		return Math.max(GLANCE.toNanos(), end - System.nanoTime());
	}

	private void giveUpAfter(long nanos) {
		long due = System.nanoTime() + nanos;
		channel().eventLoop().schedule(() -> giveUp(due), nanos, TimeUnit.NANOSECONDS);
	}

	private void giveUp(long due) {
		if (this.signs.http().isUnanswered() || this.signs.http().isResponseOpen()) {
			return;
		}
		if (System.nanoTime() - due > GLANCE.toNanos()) {
			// Held up, as by closing others: it has not read what has arrived since
			giveUpAfter(GLANCE.toNanos());
		}
		else {
			this.connection.takeOverIdle();
		}
	}

	/**
	 * A response has been written completely.
	 */
	void responseWritten() {
		if (isUnderWay() && !this.signs.http().isUpgraded()) {
			this.answered = true;
			// After Reactor Netty has been notified as well
			channel().eventLoop().execute(channel()::close);
		}
	}

	/**
	 * The connection is taken over.
	 */
	void over() {
		if (this.postponed) {
			this.postponed = false;
			this.connector.postponed(-1);
		}
	}

	private Channel channel() {
		return this.connection.channel();
	}

}
