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

import java.nio.channels.ClosedChannelException;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * A TLS connection of Reactor Netty. Two handlers, below and above the
 * {@code SslHandler}, watch it, and record what happens in {@link Signs}. When it is to
 * be closed it is {@link Takeover taken over}. Everything happens in the channel's event
 * loop.
 */
final class NettyConnection {

	private final NettyConnector connector;

	private final Channel channel;

	private final Signs signs;

	private final HeldWrites held = new HeldWrites();

	private final EncryptedSide encryptedSide;

	private final PlainSide plainSide;

	private final GracefulStop gracefulStop;

	private boolean plainSideInstalled;

	private @Nullable Takeover takeover;

	private NettyConnection(NettyConnector connector, Channel channel) {
		this.connector = connector;
		this.channel = channel;
		this.signs = new Signs(channel);
		this.encryptedSide = new EncryptedSide(this, this.signs, this.held);
		this.plainSide = new PlainSide(this, this.signs);
		this.gracefulStop = new GracefulStop(connector, this, this.signs);
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
		// The peer's FIN must not close a connection that we are still writing to
		config.setAllowHalfClosure(true);
		NettyConnection connection = new NettyConnection(connector, channel);
		pipeline.addBefore(first, EncryptedSide.NAME, connection.encryptedSide);
		connection.installPlainSide();
		connector.opened(connection);
		return true;
	}

	/**
	 * Return whether a connection is watched.
	 * @param channel the connection's channel
	 * @return whether it is
	 */
	static boolean isWatched(Channel channel) {
		return channel.pipeline().get(EncryptedSide.NAME) != null;
	}

	/**
	 * Watch the {@code SslHandler}'s events, once it is installed: it can replace a
	 * handler that waits for the server name, and one that answers plain HTTP, both
	 * within one read, and then has a different name.
	 */
	void installPlainSide() {
		if (this.plainSideInstalled || this.takeover != null) {
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

	/**
	 * Watch requests and responses, once the handlers of HTTP/1.1 are installed.
	 */
	void watchHttp() {
		ChannelPipeline pipeline = this.channel.pipeline();
		if (pipeline.get(NettyPipeline.HttpCodec) instanceof HttpServerCodec
				&& pipeline.context(this.signs.http()) == null) {
			pipeline.addAfter(NettyPipeline.HttpCodec, HttpSigns.NAME, this.signs.http());
		}
	}

	/**
	 * Return whether there is an {@code SslHandler}.
	 * @return whether what is written is TLS
	 */
	boolean speaksTls() {
		return this.plainSideInstalled || this.channel.pipeline().get(SslHandler.class) != null;
	}

	Channel channel() {
		return this.channel;
	}

	/**
	 * Return the takeover of the connection.
	 * @return the takeover, or {@code null} as long as Reactor Netty owns the connection
	 */
	@Nullable Takeover takeover() {
		return this.takeover;
	}

	/**
	 * Find out whether TLS has failed. An OpenSSL engine that cannot read a record
	 * produces its alert, and throws only at the next wrap: Netty would notice only when
	 * the peer leaves.
	 */
	void findFailure() {
		ChannelHandlerContext plain = plainContext();
		if (this.takeover == null && plain != null && Engines.isOpenSsl(this.signs.engine())) {
			plain.write(Unpooled.EMPTY_BUFFER);
			this.signs.encrypt(plain);
			if (this.signs.hasTlsFailed()) {
				takeOver(null);
			}
		}
	}

	/**
	 * The server is about to begin to stop. Called by the thread that stops it.
	 */
	void announceGracefulStop() {
		this.gracefulStop.announce();
	}

	/**
	 * The server begins to stop.
	 */
	void beginGracefulStop() {
		if (this.takeover == null) {
			this.gracefulStop.begin();
		}
	}

	/**
	 * The handshake is complete, and Reactor Netty has the connection.
	 */
	void handshakeCompleted() {
		if (this.takeover == null) {
			this.gracefulStop.handshakeCompleted();
		}
	}

	/**
	 * The server is about to stop, and has counted this connection as postponed until
	 * then.
	 */
	void aboutToStop() {
		if (this.takeover == null) {
			this.gracefulStop.postponeForStreams();
		}
		this.connector.postponed(-1);
	}

	/**
	 * Nothing is waited for any more but requests that have arrived.
	 */
	void endIdle() {
		if (this.takeover == null) {
			this.gracefulStop.endIdle();
		}
	}

	/**
	 * Close the connection: take it over now, or once it has answered a request.
	 * @param promise completed when it is closed
	 */
	void close(ChannelPromise promise) {
		if (this.takeover == null && this.gracefulStop.postpone()) {
			completeAtTheEnd(promise);
		}
		else {
			takeOver(promise);
		}
	}

	/**
	 * Take the connection over, and end it. Does nothing if that has already happened: an
	 * {@code SslHandler} that gives up closes more than once.
	 * @param promise completed when it is closed
	 */
	void takeOver(@Nullable ChannelPromise promise) {
		takeOver(promise, false);
	}

	/**
	 * Take the connection over, and end it, just after Netty has found nothing to read.
	 */
	void takeOverIdle() {
		takeOver(null, true);
	}

	private void takeOver(@Nullable ChannelPromise promise, boolean idle) {
		if (promise != null) {
			completeAtTheEnd(promise);
		}
		ChannelHandlerContext encrypted = this.channel.pipeline().context(this.encryptedSide);
		if (this.takeover != null || encrypted == null) {
			return;
		}
		noteFailedWrite();
		this.gracefulStop.over();
		this.signs.takenOver(this.encryptedSide.hasEngineFailed());
		Takeover takeover = new Takeover(this.connector, encrypted, this.signs, this.held, this::ended);
		this.takeover = takeover;
		takeover.start(plainContext(), idle);
	}

	private void completeAtTheEnd(ChannelPromise promise) {
		if (!promise.isVoid()) {
			this.channel.closeFuture().addListener((future) -> promise.trySuccess());
		}
	}

	/**
	 * Record that the channel is closed although nothing has closed it: this is how Netty
	 * reports that a write has failed. An event loop that ends also closes its channels.
	 */
	void noteFailedWrite() {
		if (!this.channel.isOpen() && !this.channel.eventLoop().isShuttingDown()) {
			this.signs.failed(new ClosedChannelException());
		}
	}

	private @Nullable ChannelHandlerContext plainContext() {
		return this.channel.pipeline().context(this.plainSide);
	}

	private void ended() {
		this.connector.closed(this);
	}

	/**
	 * The server stops.
	 */
	void closeByPolicy() {
		if (this.takeover == null) {
			// HTTP/2 sends GOAWAY first, and can then wait for its streams
			this.channel.close();
		}
		takeOver(null);
	}

	/**
	 * The server has stopped.
	 */
	void expire() {
		takeOver(null);
		if (this.takeover != null) {
			this.takeover.expire();
		}
	}

}
