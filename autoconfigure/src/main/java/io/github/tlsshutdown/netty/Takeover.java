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
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.LocalCloseException;

/**
 * Takes over a connection that is to be closed. The {@code SslHandler} is removed, which
 * by contract passes on undecrypted data, and its engine and the socket are handed to a
 * {@link ConnectionShutdown}.
 */
final class Takeover {

	private final NettyConnector connector;

	private final ChannelHandlerContext encrypted;

	private final Signs signs;

	private final HeldWrites held;

	private final Runnable onEnd;

	private final NettyTransport transport;

	private boolean sslHandlerRemoved;

	/** Whether engine and socket are ours. */
	private boolean ready;

	private @Nullable ConnectionShutdown shutdown;

	/**
	 * Create a takeover.
	 * @param connector the connector
	 * @param encrypted reads from the socket, and writes to it
	 * @param signs what happened so far
	 * @param held what the engine has written, but was held back
	 * @param onEnd what to do at the end
	 */
	Takeover(NettyConnector connector, ChannelHandlerContext encrypted, Signs signs, HeldWrites held, Runnable onEnd) {
		this.connector = connector;
		this.encrypted = encrypted;
		this.signs = signs;
		this.held = held;
		this.onEnd = onEnd;
		this.transport = new NettyTransport(encrypted, signs.remoteAddress(), connector, onEnd);
	}

	/**
	 * Begin to close the connection.
	 * @param plain where application data is written to, if that exists yet
	 * @param idle whether Netty has just found nothing to read
	 */
	void start(@Nullable ChannelHandlerContext plain, boolean idle) {
		SSLEngine engine = this.signs.engine();
		if (engine != null) {
			// Given back by the transport
			ReferenceCountUtil.retain(engine);
		}
		if (engine == null || this.signs.hasTlsFailed()) {
			this.held.letGo(this.encrypted);
		}
		else {
			if (plain != null && channel().isActive()) {
				this.signs.encrypt(plain);
			}
			removeSslHandler();
		}
		this.ready = true;
		if (!idle && this.signs.isListening() && channel().isActive()) {
			look();
		}
		else if (this.signs.isResponseOpen() && channel().isActive()) {
			// io_uring can report that TCP has accepted its end together with the answer
			soon(this::begin);
		}
		else {
			begin();
		}
	}

	private void removeSslHandler() {
		SslHandler sslHandler = channel().pipeline().get(SslHandler.class);
		if (sslHandler != null) {
			this.sslHandlerRemoved = true;
			channel().pipeline().remove(sslHandler);
		}
	}

	private Channel channel() {
		return this.encrypted.channel();
	}

	/**
	 * Let Netty read from the socket before the first step, as it cannot be asked what is
	 * there. The close can happen while it reads, and a task that is due now then runs
	 * before the next read: so two tasks run one after the other.
	 */
	private void look() {
		channel().config().setAutoRead(true);
		this.encrypted.read();
		soon(() -> {
			// Can contain data received after a failed handshake, when all is sent
			removeSslHandler();
			soon(this::begin);
		});
	}

	private void soon(Runnable task) {
		channel().eventLoop().schedule(task, 0, TimeUnit.NANOSECONDS);
	}

	private void begin() {
		if (this.shutdown != null || !this.ready) {
			return;
		}
		IOException failure = this.signs.failure();
		if (failure != null && !this.signs.hasTlsFailed()) {
			this.transport.failed(failure);
		}
		if (!channel().isOpen() && channel().eventLoop().isShuttingDown()) {
			this.transport.failed(new LocalCloseException());
		}
		if (this.signs.isEndOfStream()) {
			this.transport.endOfStream();
		}
		if (this.transport.hasInput()) {
			this.signs.peerSends();
		}
		ConnectionShutdown shutdown = shutdown(this.signs.engine());
		this.shutdown = shutdown;
		try (Scratch scratch = Scratch.take()) {
			shutdown.begin(this.signs.before(), this.transport.takeInput(scratch.unread()),
					this.held.take(scratch.unsent()));
		}
		if (shutdown.isEnded()) {
			this.onEnd.run();
		}
	}

	private ConnectionShutdown shutdown(@Nullable SSLEngine engine) {
		if (engine == null) {
			return this.connector.shutdown(this.transport, null, null, null);
		}
		ConnectionRequests requests = RequestPolicies.of(channel());
		return this.connector.shutdown(this.transport, engine,
				new ClosingConnection(this.connector, this.transport, engine, this.signs),
				(requests != null) ? requests.requested() : null);
	}

	/**
	 * Return whether data in the pipeline is what the {@code SslHandler} has left
	 * undecrypted.
	 * @return whether the {@code SslHandler} is gone
	 */
	boolean isSslHandlerRemoved() {
		return this.sslHandlerRemoved;
	}

	/**
	 * Bytes of the peer's were read.
	 * @param data the bytes
	 */
	void received(ByteBuf data) {
		this.transport.received(data);
		if (this.shutdown != null) {
			this.transport.advance();
		}
	}

	/**
	 * Netty has read what was there.
	 */
	void readComplete() {
		if (this.shutdown == null && this.transport.hasInput()) {
			begin();
		}
		else {
			this.transport.keepReading();
		}
	}

	/**
	 * The peer's FIN was read.
	 */
	void endOfStream() {
		if (this.shutdown != null) {
			this.transport.endOfStream();
			this.transport.advance();
		}
		else {
			this.signs.endOfStream();
			begin();
		}
	}

	/**
	 * The connection is broken.
	 * @param cause the cause
	 */
	void broken(IOException cause) {
		if (this.shutdown != null) {
			this.transport.failed(cause);
			this.transport.advance();
		}
		else {
			this.signs.failed(cause);
			begin();
		}
	}

	/**
	 * The channel was closed.
	 */
	void inactive() {
		if (channel().eventLoop().isShuttingDown()) {
			expire();
		}
		broken(new ClosedChannelException());
	}

	/**
	 * The server has stopped.
	 */
	void expire() {
		begin();
		this.transport.expire();
	}

}
