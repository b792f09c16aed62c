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

package io.github.tlsshutdown.testsupport;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.junit.jupiter.api.Assumptions;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Netty's transports. Reactor Netty takes the first it finds of io_uring, epoll and NIO.
 */
public enum NettyTransportKind {

	EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class) {

		@Override
		IoHandlerFactory ioHandlers() {
			return EpollIoHandler.newFactory();
		}

	},

	NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class) {

		@Override
		IoHandlerFactory ioHandlers() {
			return NioIoHandler.newFactory();
		}

	},

	IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDatagramChannel.class) {

		@Override
		IoHandlerFactory ioHandlers() {
			return IoUringIoHandler.newFactory();
		}

	};

	private final Class<? extends Channel> serverChannel;

	private final Class<? extends Channel> channel;

	private final Class<? extends Channel> datagramChannel;

	NettyTransportKind(Class<? extends Channel> serverChannel, Class<? extends Channel> channel,
			Class<? extends Channel> datagramChannel) {
		this.serverChannel = serverChannel;
		this.channel = channel;
		this.datagramChannel = datagramChannel;
	}

	abstract IoHandlerFactory ioHandlers();

	/**
	 * Skip a test where the kernel does not allow it.
	 */
	public void assumeAvailable() {
		Assumptions.assumeTrue(this != IO_URING || IoUring.isAvailable());
	}

	/**
	 * Make two event loops.
	 * @return the event loops
	 */
	public LoopResources loops() {
		return new Loops(this, new MultiThreadIoEventLoopGroup(2, ioHandlers()));
	}

	private record Loops(NettyTransportKind kind, EventLoopGroup group) implements LoopResources {

		@Override
		public EventLoopGroup onServer(boolean useNative) {
			return this.group;
		}

		@Override
		public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
			return typeOf(type).asSubclass(type);
		}

		@Override
		public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
			try {
				return type.cast(typeOf(type).getConstructor().newInstance());
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private Class<? extends Channel> typeOf(Class<? extends Channel> type) {
			if (type == SocketChannel.class) {
				return this.kind.channel;
			}
			if (type == ServerSocketChannel.class) {
				return this.kind.serverChannel;
			}
			if (type == DatagramChannel.class) {
				return this.kind.datagramChannel;
			}
			throw new IllegalArgumentException(type.getName());
		}

		@Override
		public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
			return Mono.fromRunnable(() -> this.group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(),
					TimeUnit.MILLISECONDS));
		}

	}

}
