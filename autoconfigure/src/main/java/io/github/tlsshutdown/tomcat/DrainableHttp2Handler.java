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

package io.github.tlsshutdown.tomcat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.apache.coyote.Adapter;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

import io.github.tlsshutdown.engine.DrainTerms;

/**
 * An HTTP/2 connection that can be closed once it has no stream. Tomcat sends GOAWAY when
 * the server begins to stop, but does not close such a connection before it has stopped.
 */
final class DrainableHttp2Handler extends Http2AsyncUpgradeHandler {

	private static final Duration BREATH = Duration.ofMillis(10);

	private final BooleanSupplier stopping;

	private volatile boolean paused;

	/** When the number of streams was last set. */
	private volatile long changed = System.nanoTime();

	/**
	 * Create a handler.
	 * @param protocol the configuration
	 * @param adapter passes requests to the application
	 * @param socketWrapper the connection
	 * @param stopping whether {@link #endIfIdle()} will be called
	 */
	DrainableHttp2Handler(Http2Protocol protocol, Adapter adapter, SocketWrapperBase<?> socketWrapper,
			BooleanSupplier stopping) {
		super(protocol, adapter, null, socketWrapper);
		this.stopping = stopping;
	}

	/**
	 * Send GOAWAY, and close the connection once it has had no stream for a while. Called
	 * repeatedly while the server stops.
	 */
	void endIfIdle() {
		if (this.paused) {
			if (isIdleSince(DrainTerms.GOAWAY)) {
				this.socketWrapper.processSocket(SocketEvent.TIMEOUT, true);
			}
		}
		else if (this.socketWrapper.hasDataToWrite()) {
			// Its turn comes when the peer has read, and others do not wait for that
			this.paused = true;
			this.socketWrapper.execute(this::sendGoAway);
		}
		else {
			sendGoAway();
		}
	}

	/**
	 * Tomcat sends GOAWAY before it closes the port. A client that connects again at once
	 * would then be reset instead of refused.
	 */
	@Override
	public void pause() {
		if (!this.stopping.getAsBoolean()) {
			sendGoAway();
		}
	}

	private void sendGoAway() {
		this.changed = System.nanoTime();
		this.paused = true;
		super.pause();
	}

	@Override
	protected void setConnectionTimeoutForStreamCount(int streamCount) {
		if (this.paused) {
			this.changed = System.nanoTime();
		}
		super.setConnectionTimeoutForStreamCount(streamCount);
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent status) {
		if (status == SocketEvent.TIMEOUT && this.paused && this.stopping.getAsBoolean() && !isIdle()) {
			// A new stream was faster
			return SocketState.ASYNC_IO;
		}
		return super.upgradeDispatch(status);
	}

	/**
	 * Return whether all responses are written.
	 * @return whether there is no stream, and the last one was not closed just now:
	 * Tomcat closes it, and then writes its end
	 */
	boolean isQuiet() {
		return isIdleSince(BREATH);
	}

	private boolean isIdleSince(Duration time) {
		return isIdle() && System.nanoTime() - this.changed >= time.toNanos();
	}

	private boolean isIdle() {
		return this.activeRemoteStreamCount.get() == 0 && !this.socketWrapper.hasDataToWrite();
	}

}
