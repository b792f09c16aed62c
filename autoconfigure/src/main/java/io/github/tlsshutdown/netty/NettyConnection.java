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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

import io.github.tlsshutdown.engine.ConnectionShutdown;

/**
 * A TLS connection of Reactor Netty's. Two handlers, below and above the
 * {@code SslHandler}, watch it. When it is to be closed it is taken over: the
 * {@code SslHandler} is removed, by contract hands up what it has not decrypted, and
 * leaves its engine and the socket to a {@link ConnectionShutdown}. Everything happens in
 * the channel's event loop.
 */
final class NettyConnection {

	private final NettyConnector connector;

	private final Channel channel;

	private final Signs signs;

	private final EncryptedSide encryptedSide;

	private final PlainSide plainSide;

	private final HeldWrites held = new HeldWrites();

	private boolean plainSideInstalled;

	private boolean takenOver;

	private boolean sslHandlerRemoved;

	private @Nullable NettyTransport transport;

	private @Nullable ConnectionShutdown shutdown;

	private NettyConnection(NettyConnector connector, Channel channel) {
		this.connector = connector;
		this.channel = channel;
		this.signs = new Signs(channel.remoteAddress());
		this.encryptedSide = new EncryptedSide(this, this.signs);
		this.plainSide = new PlainSide(this, this.signs);
	}

	/**
	 * Watch a connection.
	 * @param connector the connector that has accepted it
	 * @param channel the channel, whose pipeline is being initialized
	 * @return whether it can be watched
	 */
	static boolean watch(NettyConnector connector, Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		String first = (pipeline.get(NettyPipeline.NonSslRedirectDetector) != null)
				? NettyPipeline.NonSslRedirectDetector : NettyPipeline.SslHandler;
		if (pipeline.get(first) == null || !(channel.config() instanceof DuplexChannelConfig config)) {
			return false;
		}
		// The peer's FIN must not close what we are still writing to
		config.setAllowHalfClosure(true);
		NettyConnection connection = new NettyConnection(connector, channel);
		pipeline.addBefore(first, EncryptedSide.NAME, connection.encryptedSide);
		connection.installPlainSide();
		connector.opened(connection);
		return true;
	}

	/**
	 * Watch what the {@code SslHandler} tells, once it is there: it may take the place of
	 * one that waits for the server name, and that of one that answers plain HTTP, both
	 * within one read, and then has a name of its own.
	 */
	void installPlainSide() {
		if (this.plainSideInstalled || this.takenOver) {
			return;
		}
		ChannelPipeline pipeline = this.channel.pipeline();
		ChannelHandlerContext ssl = pipeline.context(NettyPipeline.SslHandler);
		if (ssl == null) {
			ssl = pipeline.context(SslHandler.class);
		}
		if (ssl != null) {
			this.plainSideInstalled = true;
			pipeline.addAfter(ssl.name(), PlainSide.NAME, this.plainSide);
		}
	}

	Channel channel() {
		return this.channel;
	}

	boolean isTakenOver() {
		return this.takenOver;
	}

	boolean isSslHandlerRemoved() {
		return this.sslHandlerRemoved;
	}

	boolean isFlushing() {
		return this.plainSide.isFlushing();
	}

	/**
	 * Find out whether TLS has failed. An engine over OpenSSL that could not read a
	 * record gives its alert, and throws only when it is to wrap the next time: Netty
	 * would learn of it when the peer leaves.
	 */
	void findFailure() {
		ChannelHandlerContext plain = this.channel.pipeline().context(this.plainSide);
		if (!this.takenOver && plain != null && this.signs.engine() instanceof ReferenceCounted) {
			plain.writeAndFlush(Unpooled.EMPTY_BUFFER);
			if (this.signs.hasTlsFailed()) {
				this.signs.refused();
				takeOver(null);
			}
		}
	}

	void hold(ByteBuf data, ChannelPromise promise) {
		this.held.add(data, promise);
	}

	/**
	 * Take the connection over, and end it.
	 * @param promise to be kept when it is closed
	 */
	void takeOver(@Nullable ChannelPromise promise) {
		if (promise != null && !promise.isVoid()) {
			this.channel.closeFuture().addListener((future) -> promise.trySuccess());
		}
		ChannelHandlerContext encrypted = this.channel.pipeline().context(this.encryptedSide);
		if (this.takenOver || encrypted == null) {
			return;
		}
		this.takenOver = true;
		this.signs.takenOver();
		SSLEngine engine = this.signs.engine();
		if (engine != null) {
			// Given back by the transport
			ReferenceCountUtil.retain(engine);
		}
		NettyTransport transport = new NettyTransport(encrypted, this.signs.remoteAddress(), this.connector,
				this::ended);
		this.transport = transport;
		if (engine == null || this.signs.hasTlsFailed()) {
			this.held.letGo(encrypted);
			begin();
			return;
		}
		removeSslHandler();
		if (this.signs.isPeerGone() || !this.channel.isActive()) {
			begin();
		}
		else {
			look(encrypted);
		}
	}

	private void removeSslHandler() {
		ChannelHandlerContext plain = this.channel.pipeline().context(this.plainSide);
		if (plain != null && this.channel.isActive()) {
			// Encrypts what was written, even if nobody has flushed it
			plain.flush();
		}
		SslHandler sslHandler = this.signs.sslHandler();
		if (sslHandler != null && this.channel.pipeline().context(sslHandler) != null) {
			this.sslHandlerRemoved = true;
			this.channel.pipeline().remove(sslHandler);
		}
	}

	/**
	 * Have Netty look at the socket before the first step: nobody can ask it what is
	 * there. Whoever closes may do so while it reads, when a task that is due now runs
	 * before it looks again: hence two, one after the other.
	 * @param encrypted reads
	 */
	private void look(ChannelHandlerContext encrypted) {
		this.channel.config().setAutoRead(true);
		encrypted.read();
		soon(() -> soon(this::begin));
	}

	private void soon(Runnable task) {
		this.channel.eventLoop().schedule(task, 0, TimeUnit.NANOSECONDS);
	}

	private void begin() {
		NettyTransport transport = this.transport;
		if (this.shutdown != null || transport == null) {
			return;
		}
		IOException failure = this.signs.failure();
		if (failure != null && !this.signs.hasTlsFailed()) {
			transport.failed(failure);
		}
		if (this.signs.isEndOfStream()) {
			transport.endOfStream();
		}
		SSLEngine engine = this.signs.engine();
		ConnectionShutdown shutdown = (engine != null)
				? this.connector.shutdown(transport, engine,
						new ClosingConnection(this.connector, transport, engine, this.signs),
						this.connector.requests().take(this.channel))
				: this.connector.shutdown(transport, null, null, null);
		this.shutdown = shutdown;
		try (Scratch scratch = Scratch.take()) {
			shutdown.begin(this.signs.before(), transport.takeInput(scratch.unread()),
					this.held.take(scratch.unsent()));
		}
		if (shutdown.isEnded()) {
			ended();
		}
	}

	private void ended() {
		this.connector.closed(this);
	}

	/**
	 * Bytes of the peer's were read after the connection was taken over.
	 * @param data the bytes
	 */
	void received(ByteBuf data) {
		NettyTransport transport = this.transport;
		if (transport == null) {
			data.release();
			return;
		}
		transport.received(data);
		if (this.shutdown != null) {
			transport.advance();
		}
	}

	/**
	 * Netty has read what was there after the connection was taken over.
	 */
	void readComplete() {
		if (this.shutdown == null && this.transport != null && this.transport.hasInput()) {
			begin();
		}
		else if (this.transport != null) {
			this.transport.keepReading();
		}
	}

	/**
	 * The peer's FIN was read.
	 */
	void endOfStream() {
		NettyTransport transport = this.transport;
		if (this.shutdown != null && transport != null) {
			transport.endOfStream();
			transport.advance();
			return;
		}
		this.signs.endOfStream();
		if (this.takenOver) {
			begin();
		}
		else {
			takeOver(null);
		}
	}

	/**
	 * The connection turns out to be broken after it was taken over.
	 * @param cause why
	 */
	void broken(IOException cause) {
		NettyTransport transport = this.transport;
		if (this.shutdown != null && transport != null) {
			transport.failed(cause);
			transport.advance();
		}
		else {
			this.signs.failed(cause);
			begin();
		}
	}

	/**
	 * The channel was closed after the connection was taken over.
	 */
	void inactive() {
		if (this.channel.eventLoop().isShuttingDown()) {
			expire();
		}
		broken(new ClosedChannelException());
	}

	/**
	 * The server stops.
	 */
	void closeByPolicy() {
		if (!this.takenOver) {
			// HTTP/2 says GOAWAY first, and may then wait for its streams
			this.channel.close();
		}
		takeOver(null);
	}

	/**
	 * The server has stopped.
	 */
	void expire() {
		begin();
		if (this.transport != null) {
			this.transport.expire();
		}
	}

}
