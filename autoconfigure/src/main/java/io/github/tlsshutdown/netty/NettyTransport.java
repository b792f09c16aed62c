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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.Admission;
import io.github.tlsshutdown.engine.Alerts;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.Transport;

/**
 * A Netty channel, below its {@code SslHandler}. Netty pushes what it reads, which is
 * kept here until it is read.
 */
final class NettyTransport implements Transport {

	private final ChannelHandlerContext ctx;

	private final @Nullable SocketAddress remoteAddress;

	private final EventLoopWait wait;

	private final Queue<ByteBuf> received = new ArrayDeque<>(2);

	private @Nullable IOException failure;

	private boolean endOfStream;

	/** Complete when TCP has accepted it and everything before. */
	private @Nullable ChannelFuture lastWrite;

	private long room;

	private boolean closed;

	NettyTransport(ChannelHandlerContext ctx, @Nullable SocketAddress remoteAddress, NettyConnector connector,
			Runnable onEnd) {
		this.ctx = ctx;
		this.remoteAddress = remoteAddress;
		this.wait = new EventLoopWait(connector, ctx, this, onEnd);
	}

	// Events of Netty

	void received(ByteBuf data) {
		if (this.closed || !data.isReadable()) {
			data.release();
		}
		else {
			this.received.add(data);
		}
	}

	boolean hasInput() {
		return !this.received.isEmpty();
	}

	void endOfStream() {
		this.endOfStream = true;
	}

	void failed(IOException failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
	}

	void advance() {
		this.wait.advance();
	}

	void keepReading() {
		this.wait.keepReading();
	}

	void expire() {
		this.wait.expire();
	}

	/**
	 * Take out data that was read before the first step.
	 * @param target where to put it, if it is large enough
	 * @return a buffer with it, ready to be added to
	 */
	ByteBuffer takeInput(ByteBuffer target) {
		int size = this.received.stream().mapToInt(ByteBuf::readableBytes).sum();
		ByteBuffer input = (size > target.capacity()) ? ByteBuffer.allocate(size) : target.clear();
		fill(input);
		return input;
	}

	// Operations of a shutdown

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return (this.remoteAddress instanceof InetSocketAddress address) ? address : null;
	}

	@Override
	public void write(ByteBuffer data) throws IOException {
		throwFailure();
		// Even without a byte: what was written before the shutdown is complete then
		ByteBuf bytes = data.hasRemaining() ? this.ctx.alloc().buffer(data.remaining()).writeBytes(data)
				: Unpooled.EMPTY_BUFFER;
		ChannelFuture write = this.ctx.writeAndFlush(bytes);
		this.lastWrite = write;
		if (!write.isDone()) {
			write.addListener((future) -> this.wait.advance());
		}
		this.room = measureRoom();
		throwFailure();
	}

	@Override
	public boolean flush() throws IOException {
		throwFailure();
		long before = this.room;
		this.room = measureRoom();
		return this.room > before;
	}

	private long measureRoom() {
		// The number of bytes until Netty reports the channel as unwritable grows with
		// each piece that TCP accepts; there is no event for that
		return this.ctx.channel().bytesBeforeUnwritable() - this.ctx.channel().bytesBeforeWritable();
	}

	@Override
	public boolean isFlushed() {
		return this.lastWrite == null || this.lastWrite.isSuccess();
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		int read = fill(target);
		if (read == 0) {
			throwFailure();
			return this.endOfStream ? -1 : 0;
		}
		return read;
	}

	private int fill(ByteBuffer target) {
		int start = target.position();
		ByteBuf data;
		while (target.hasRemaining() && (data = this.received.peek()) != null) {
			int length = Math.min(target.remaining(), data.readableBytes());
			target.put(data.nioBuffer(data.readerIndex(), length));
			data.skipBytes(length);
			if (!data.isReadable()) {
				this.received.remove().release();
			}
		}
		return target.position() - start;
	}

	@Override
	public void shutdownOutput() throws IOException {
		ChannelFuture shutdown = ((DuplexChannel) this.ctx.channel()).shutdownOutput();
		if (shutdown.cause() != null) {
			throw asIOException(shutdown.cause());
		}
	}

	@Override
	public void close() {
		this.closed = true;
		ByteBuf data;
		while ((data = this.received.poll()) != null) {
			data.release();
		}
		this.ctx.close();
	}

	@Override
	public void release(SSLEngine engine) throws SSLException {
		ReferenceCountUtil.release(engine);
		// Netty wraps the JDK's, which throws if the peer sent no alert
		if (!Engines.isOpenSsl(engine) && engine.getSession().getClass().getModule() != SSLEngine.class.getModule()) {
			Alerts.release(engine);
		}
	}

	@Override
	public Admission await(ConnectionShutdown shutdown) {
		return this.wait.begin(shutdown);
	}

	private void throwFailure() throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
		if (this.lastWrite != null && this.lastWrite.cause() != null) {
			throw asIOException(this.lastWrite.cause());
		}
	}

	private static IOException asIOException(Throwable cause) {
		return (cause instanceof IOException ex) ? ex : (IOException) new ClosedChannelException().initCause(cause);
	}

}
