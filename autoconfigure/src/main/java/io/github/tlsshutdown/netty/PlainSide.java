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

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;

import io.github.tlsshutdown.engine.EngineConnection;

/**
 * Above the {@code SslHandler}: sees its events, and takes the connection over when it is
 * to be closed.
 */
final class PlainSide extends ChannelDuplexHandler {

	static final String NAME = "tlsShutdown.plainSide";

	/** By contract, the cipher suite until a handshake is complete. */
	private static final String NO_CIPHER_SUITE = "SSL_NULL_WITH_NULL_NULL";

	private final NettyConnection connection;

	private final Signs signs;

	PlainSide(NettyConnection connection, Signs signs) {
		this.connection = connection;
		this.signs = signs;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof SniCompletionEvent sni) {
			this.signs.serverName(sni.hostname());
		}
		else if (event instanceof SslHandshakeCompletionEvent handshake) {
			handshakeCompleted(ctx, handshake);
		}
		else if (event instanceof SslCloseCompletionEvent && this.connection.takeover() != null) {
			return;
		}
		ctx.fireUserEventTriggered(event);
		if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
			// Only now is the protocol known
			this.connection.watchHttp();
			this.connection.handshakeCompleted();
		}
		else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
			// Reactor Netty has closed HTTP/1.1, but not HTTP/2
			this.connection.takeOver(null);
		}
	}

	private void handshakeCompleted(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
		if (this.signs.isEstablished()) {
			return;
		}
		SslHandler sslHandler = ctx.pipeline().get(SslHandler.class);
		Throwable cause = handshake.cause();
		if (sslHandler != null && (cause == null || isComplete(sslHandler.engine()))) {
			this.signs.established(sslHandler);
			keepServerName(sslHandler.engine());
		}
		if (cause != null) {
			this.signs.failed(cause);
			if (cause instanceof NotSslRecordException || cause instanceof SslHandshakeTimeoutException) {
				this.signs.refused();
			}
		}
	}

	// An OpenSSL engine no longer knows it once both sides have said close_notify
	private void keepServerName(SSLEngine engine) {
		if (Engines.isOpenSsl(engine) && this.signs.serverName() == null) {
			this.signs.serverName(EngineConnection.serverNameOf(engine));
		}
	}

	// An OpenSSL engine that reads the peer's fatal alert together with the end of the
	// handshake fails before it reports that the handshake is complete
	private static boolean isComplete(SSLEngine engine) {
		return Engines.isOpenSsl(engine) && !engine.getSession().getCipherSuite().equals(NO_CIPHER_SUITE);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
			this.signs.failed(cause);
		}
		ctx.fireExceptionCaught(cause);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (this.connection.takeover() == null && !this.signs.isEstablished() && this.signs.hasTlsFailed()) {
			// The SslHandler has reported the failure, but not sent its alert yet
			ctx.close(promise);
		}
		else {
			this.connection.close(promise);
		}
	}

	@Override
	public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
		close(ctx, promise);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		Takeover takeover = this.connection.takeover();
		if (takeover == null) {
			this.signs.http().arriving();
			ctx.fireChannelRead(msg);
		}
		else if (takeover.isSslHandlerRemoved() && msg instanceof ByteBuf data) {
			// What the SslHandler had not decrypted when it was removed
			takeover.received(data);
		}
		else {
			ReferenceCountUtil.release(msg);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (this.connection.takeover() == null) {
			ctx.fireChannelReadComplete();
		}
	}

	@Override
	public void read(ChannelHandlerContext ctx) {
		// Handlers above do not control what a waiting connection reads
		if (this.connection.takeover() == null) {
			ctx.read();
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (this.connection.takeover() != null) {
			ReferenceCountUtil.release(msg);
			promise.tryFailure(new ClosedChannelException());
		}
		else {
			ctx.write(msg, promise);
		}
	}

	@Override
	public void flush(ChannelHandlerContext ctx) {
		if (this.connection.takeover() == null) {
			this.signs.encrypt(ctx);
		}
	}

}
