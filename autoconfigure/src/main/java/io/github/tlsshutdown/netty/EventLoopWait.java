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

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.Admission;
import io.github.tlsshutdown.engine.ConnectionShutdown;

/**
 * Waits for a peer, driven by reads of its event loop, completed writes, and a timer.
 */
final class EventLoopWait {

	/**
	 * How often write progress is measured within the timeout.
	 */
	private static final int MEASUREMENTS = 8;

	private final NettyConnector connector;

	private final ChannelHandlerContext ctx;

	private final NettyTransport transport;

	private final Runnable onEnd;

	private @Nullable ConnectionShutdown shutdown;

	private @Nullable Future<?> timer;

	private long longestPause;

	private boolean advancing;

	private boolean again;

	EventLoopWait(NettyConnector connector, ChannelHandlerContext ctx, NettyTransport transport, Runnable onEnd) {
		this.connector = connector;
		this.ctx = ctx;
		this.transport = transport;
		this.onEnd = onEnd;
	}

	/**
	 * Begin to wait.
	 * @param shutdown the shutdown to advance from now on
	 * @return whether the connection waits
	 */
	Admission begin(ConnectionShutdown shutdown) {
		EventLoop eventLoop = this.ctx.channel().eventLoop();
		if (this.connector.isStopped() || eventLoop.isShuttingDown()) {
			return Admission.STOPPED;
		}
		this.longestPause = Math.max(shutdown.nanosLeft(System.nanoTime()) / MEASUREMENTS, 1);
		schedule(shutdown);
		this.shutdown = shutdown;
		keepReading();
		eventLoop.execute(() -> {
			// Code that still handles the request may have changed it
			keepReading();
			// Process events that arrived during the first steps
			advance();
		});
		return Admission.ADMITTED;
	}

	/**
	 * Make Netty read, or not. Other handlers set that as well, but only matter as long
	 * as they read.
	 */
	void keepReading() {
		ConnectionShutdown shutdown = this.shutdown;
		if (shutdown != null && !shutdown.isEnded()) {
			boolean reading = shutdown.isReading();
			this.ctx.channel().config().setAutoRead(reading);
			if (reading) {
				this.ctx.read();
			}
		}
	}

	/**
	 * Take the steps that are possible now.
	 */
	void advance() {
		ConnectionShutdown shutdown = this.shutdown;
		if (shutdown == null || shutdown.isEnded()) {
			return;
		}
		if (this.advancing) {
			this.again = true;
			return;
		}
		this.advancing = true;
		try (Scratch scratch = Scratch.take()) {
			do {
				this.again = false;
				shutdown.advance(scratch.reader());
			}
			while (!shutdown.isEnded() && (this.again || (shutdown.isReading() && this.transport.hasInput())));
		}
		catch (RuntimeException | Error ex) {
			shutdown.endOnInternalError(ex);
		}
		finally {
			this.advancing = false;
		}
		finishIfEnded(shutdown);
	}

	/**
	 * End the wait because the server has stopped.
	 */
	void expire() {
		ConnectionShutdown shutdown = this.shutdown;
		if (shutdown != null && !shutdown.isEnded()) {
			shutdown.timeOut();
			finishIfEnded(shutdown);
		}
	}

	private void schedule(ConnectionShutdown shutdown) {
		long left = shutdown.nanosLeft(System.nanoTime());
		if (shutdown.isWriting()) {
			left = Math.min(left, this.longestPause);
		}
		this.timer = this.ctx.channel().eventLoop().schedule(this::tick, Math.max(left, 0), TimeUnit.NANOSECONDS);
	}

	private void tick() {
		advance();
		ConnectionShutdown shutdown = this.shutdown;
		if (shutdown == null || shutdown.isEnded()) {
			return;
		}
		if (shutdown.nanosLeft(System.nanoTime()) <= 0) {
			expire();
		}
		else {
			keepReading();
			schedule(shutdown);
		}
	}

	private void finishIfEnded(ConnectionShutdown shutdown) {
		if (shutdown.isEnded()) {
			Future<?> timer = this.timer;
			if (timer != null) {
				timer.cancel(false);
			}
			this.onEnd.run();
		}
	}

}
