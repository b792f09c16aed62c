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
import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * A TLS connection of Reactor Netty's. Two handlers, below and above the
 * {@code SslHandler}, watch it, and note {@link Signs} of what they meet. When it is to
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
	 * Watch requests and responses, once there is what HTTP/1.1 needs.
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
	 * Return who ends the connection.
	 * @return who has taken it over, or {@code null} as long as it is Reactor Netty's
	 */
	@Nullable Takeover takeover() {
		return this.takeover;
	}

	/**
	 * Find out whether TLS has failed. An engine over OpenSSL that could not read a
	 * record gives its alert, and throws only when it is to wrap the next time: Netty
	 * would learn of it when the peer leaves.
	 */
	void findFailure() {
		ChannelHandlerContext plain = plainContext();
		if (this.takeover == null && plain != null && this.signs.engine() instanceof ReferenceCounted) {
			plain.write(Unpooled.EMPTY_BUFFER);
			this.signs.encrypt(plain);
			if (this.signs.hasTlsFailed()) {
				takeOver(null);
			}
		}
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
	 * Return whether the connection is not to be closed yet, although Reactor Netty wants
	 * to: it will when there is no request any more.
	 * @return whether a request is to be waited for
	 */
	boolean postpone() {
		return this.takeover == null && this.gracefulStop.postpone();
	}

	/**
	 * Take the connection over, and end it. Does nothing more if that is done already: an
	 * {@code SslHandler} that gives up closes more than once.
	 * @param promise to be kept when it is closed
	 */
	void takeOver(@Nullable ChannelPromise promise) {
		if (promise != null && !promise.isVoid()) {
			this.channel.closeFuture().addListener((future) -> promise.trySuccess());
		}
		ChannelHandlerContext encrypted = this.channel.pipeline().context(this.encryptedSide);
		if (this.takeover != null || encrypted == null) {
			return;
		}
		noteFailedWrite();
		this.gracefulStop.over();
		this.signs.takenOver();
		Takeover takeover = new Takeover(this.connector, encrypted, this.signs, this.held, this::ended);
		this.takeover = takeover;
		takeover.start(plainContext());
	}

	/**
	 * Note that the channel is closed already, before anybody has closed it: this is how
	 * Netty tells that a write has failed.
	 */
	void noteFailedWrite() {
		if (!this.channel.isOpen()) {
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
			// HTTP/2 says GOAWAY first, and may then wait for its streams
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
