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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.websocket.WebsocketOutbound;

import io.github.tlsshutdown.engine.DrainTerms;

/**
 * Handles a connection between the beginning of a graceful stop and the stop itself.
 * Reactor Netty closes idle connections at once, on another thread: by then, a request
 * may have arrived, or be about to, as the client has just connected. Such a request is
 * answered, and then the connection ends. Anything else that closes the connection of an
 * unanswered request ends it, such as a handler that fails. Used by the connection's
 * event loop only, unless stated otherwise.
 */
final class GracefulStop {

	private static final Log logger = LogFactory.getLog(GracefulStop.class);

	/** How long an event loop has to read what has already arrived. */
	private static final Duration GLANCE = Duration.ofMillis(5);

	private final NettyConnector connector;

	private final NettyConnection connection;

	private final Signs signs;

	private final StreamSigns streams;

	/** Whether Reactor Netty has the connection. */
	private volatile boolean handshakeComplete;

	/** What was being handled before the stop: Reactor Netty waits for it. */
	private volatile @Nullable ChannelOperations<?, ?> running;

	/**
	 * How often the connection may still be closed only because the server stops. Where
	 * such a close comes from is not known: one by the application counts too, if it is
	 * the first, for a request that arrives just when Reactor Netty is about to look.
	 */
	private int closesToPostpone = 1;

	private boolean postponed;

	GracefulStop(NettyConnector connector, NettyConnection connection, Signs signs) {
		this.connector = connector;
		this.connection = connection;
		this.signs = signs;
		this.streams = new StreamSigns(connection.channel());
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
	 * The stop is about to begin. Called by the thread that begins it, before Reactor
	 * Netty looks for requests in the same way.
	 */
	void announce() {
		if (this.handshakeComplete) {
			this.running = ChannelOperations.get(channel());
		}
	}

	/**
	 * The stop begins. Otherwise, a WebSocket client would not be notified.
	 */
	void begin() {
		if (ChannelOperations.get(channel()) instanceof WebsocketOutbound webSocket) {
			// Reactor would log an error for each client that leaves, or reads nothing
			webSocket.sendClose(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "The server stops")
				.subscribe(null, (failure) -> logger.debug("WebSocket client not notified", failure));
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
		this.handshakeComplete = true;
		if (isUnderWay()) {
			if (channel().parent().isOpen()) {
				// Reactor Netty may come across it all the same
				this.closesToPostpone++;
			}
			// The SslHandler is still reading, and must not be removed
			channel().eventLoop().execute(channel()::close);
		}
	}

	/**
	 * Reactor Netty or the application wants to close the connection.
	 * @return whether that has to wait for a request
	 */
	boolean postpone() {
		HttpSigns http = this.signs.http();
		if (!isUnderWay() || this.closesToPostpone == 0 || isRunning() || !http.isInUse() || http.isUpgraded()
				|| http.isResponseOpen() || this.signs.isPeerGone()) {
			return false;
		}
		this.closesToPostpone--;
		if (!http.isUnanswered()) {
			giveUpAfter(nanosForRequest());
		}
		if (!this.postponed) {
			this.postponed = true;
			this.connector.postponed(1);
		}
		return true;
	}

	/**
	 * The stop is about to close the connection. A stream of HTTP/2 may have been opened
	 * before GOAWAY was sent, but after Reactor Netty had looked for requests.
	 */
	void postponeForStreams() {
		if (!this.postponed && isUnderWay() && this.streams.isOpen()) {
			this.postponed = true;
			this.connector.postponed(1);
		}
	}

	/**
	 * Close the connection if it was kept for a request that has not arrived.
	 */
	void endIdle() {
		HttpSigns http = this.signs.http();
		if (this.postponed && http.isInUse() && !http.isUnanswered() && !http.isResponseOpen()) {
			this.connection.takeOverIdle();
		}
	}

	private boolean isRunning() {
		ChannelOperations<?, ?> running = this.running;
		return running != null && running == ChannelOperations.get(channel());
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
		HttpSigns http = this.signs.http();
		if (this.connection.takeover() != null || http.isUnanswered() || http.isResponseOpen()) {
			return;
		}
		if (System.nanoTime() - due > GLANCE.toNanos()) {
			// Held up, as by closing others: it has not read what has arrived since
			giveUpAfter(GLANCE.toNanos());
		}
		else if (http.isArriving()) {
			giveUpAfter(DrainTerms.untilNextRequest(true, this.connector.getSettings()).toNanos());
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
			this.closesToPostpone = 0;
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
