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

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;

/**
 * Below the {@code SslHandler}: sees what is read from the socket and written to it.
 */
final class EncryptedSide extends ChannelDuplexHandler {

	static final String NAME = "tlsShutdown.encryptedSide";

	/** The length of a record's header. */
	private static final int HEADER = 5;

	/** How long the record of an alert can be in TLS 1.3, with the padding of the JDK. */
	private static final int MAX_ALERT = 40;

	private final NettyConnection connection;

	private final Signs signs;

	private final HeldWrites held;

	private boolean reading;

	/** Whether the engine has written anything because of what is being read. */
	private boolean engineHasSpoken;

	EncryptedSide(NettyConnection connection, Signs signs, HeldWrites held) {
		this.connection = connection;
		this.signs = signs;
		this.held = held;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof ByteBuf data && this.signs.http().isInUse() && Engines.isOpenSsl(this.signs.engine())) {
			// Having read close_notify, an OpenSSL engine encrypts nothing more, not even
			// the response to a request that it has read at the same time
			int length = lengthBeforeAlert(data);
			if (length > 0) {
				read(ctx, data.readRetainedSlice(length));
			}
		}
		read(ctx, msg);
	}

	/**
	 * Return how much comes before a last record that can be an alert. A wrong answer
	 * does no harm: data can be read in any pieces.
	 * @param data what was read
	 * @return the length, or 0 if there is no such record, or no other
	 */
	private static int lengthBeforeAlert(ByteBuf data) {
		int last = data.readerIndex();
		int end = last;
		while (data.writerIndex() - end >= HEADER) {
			last = end;
			end += HEADER + data.getUnsignedShort(end + HEADER - 2);
		}
		return (end == data.writerIndex() && end - last <= MAX_ALERT) ? last - data.readerIndex() : 0;
	}

	private void read(ChannelHandlerContext ctx, Object msg) {
		Takeover takeover = this.connection.takeover();
		if (takeover != null && msg instanceof ByteBuf data) {
			takeover.received(data);
			return;
		}
		if (!this.signs.isEstablished() && msg instanceof ByteBuf data) {
			this.signs.handshaking(data);
			if (!this.connection.speaksTls()) {
				// And possibly never will
				this.connection.watchHttp();
			}
		}
		this.reading = true;
		ctx.fireChannelRead(msg);
		this.reading = false;
		this.signs.dealtWith();
		this.connection.installPlainSide();
		if (this.engineHasSpoken) {
			this.connection.findFailure();
			this.engineHasSpoken = false;
		}
	}

	/**
	 * Return whether an OpenSSL engine has failed while data is read. All that it says by
	 * itself is its alert: it reports the failure later, or never if it is closed before.
	 * @return whether it has
	 */
	boolean hasEngineFailed() {
		SSLEngine engine = this.signs.engine();
		return this.engineHasSpoken && engine != null && Engines.isOpenSsl(engine) && engine.isInboundDone();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		Takeover takeover = this.connection.takeover();
		if (takeover != null) {
			takeover.readComplete();
		}
		else {
			ctx.fireChannelReadComplete();
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (this.connection.takeover() == null && msg instanceof ByteBuf data) {
			this.signs.written(data, this.reading);
			if (data.isReadable() && !this.connection.speaksTls()) {
				// An answer to plain HTTP
				this.signs.refused();
			}
			if (data.isReadable() && this.signs.isCloseNotifyReceived()) {
				// The engine answers automatically; the policy decides whether to send it
				this.held.add(data, promise);
				this.engineHasSpoken = false;
				return;
			}
			this.engineHasSpoken |= this.reading && data.isReadable() && !this.signs.isEncrypting();
		}
		ctx.write(msg, promise);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		// By the SslHandler, or by the handler in its place before
		if (this.connection.takeover() == null) {
			this.connection.noteFailedWrite();
			this.signs.givenUp();
		}
		this.connection.takeOver(promise);
	}

	@Override
	public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
		close(ctx, promise);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof IOException ex && !(cause instanceof SSLException)) {
			Takeover takeover = this.connection.takeover();
			if (takeover != null) {
				takeover.broken(ex);
				return;
			}
			this.signs.failed(ex);
		}
		ctx.fireExceptionCaught(cause);
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent) {
			endOfStream();
			return;
		}
		boolean ours = event instanceof ChannelOutputShutdownEvent || event instanceof ChannelInputShutdownReadComplete;
		if (!ours || this.connection.takeover() == null) {
			ctx.fireUserEventTriggered(event);
		}
	}

	private void endOfStream() {
		Takeover takeover = this.connection.takeover();
		if (takeover != null) {
			takeover.endOfStream();
		}
		else {
			// No other handler expects the peer's FIN without a close
			this.signs.endOfStream();
			this.connection.takeOver(null);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		Takeover takeover = this.connection.takeover();
		if (takeover != null) {
			takeover.inactive();
		}
		else {
			// Not closed by us: a write has failed, or the event loop ends
			this.connection.takeOver(null);
		}
		ctx.fireChannelInactive();
	}

}
