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

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.DrainTerms;
import io.github.tlsshutdown.nio.ReadableSockets;

/**
 * Closes a connector's TLS connections between the beginning of a graceful stop and the
 * stop itself. Idle ones are closed at once. A request that has arrived is handled, and
 * is the last on its connection.
 * <p>
 * A thread that handles an HTTP/1.1 request holds the connection's lock. A connection
 * whose lock is free and that no processor works on is idle. Connections are checked
 * repeatedly, as busy ones become idle.
 */
final class GracefulStop {

	private static final Log logger = LogFactory.getLog(GracefulStop.class);

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration BREATH = Duration.ofMillis(5);

	private final TlsShutdownNioEndpoint endpoint;

	private final TomcatConnector connector;

	/** Connections of WebSockets, and whether the close frame is still to be written. */
	private final Map<SocketWrapperBase<?>, Boolean> webSockets = new ConcurrentHashMap<>();

	private volatile boolean underWay;

	private @Nullable ScheduledFuture<?> task;

	GracefulStop(TlsShutdownNioEndpoint endpoint, TomcatConnector connector) {
		this.endpoint = endpoint;
		this.connector = connector;
	}

	/**
	 * Return whether the server is about to stop but still handles requests: each is the
	 * last on its connection.
	 * @return whether it is
	 */
	boolean isUnderWay() {
		return this.underWay;
	}

	/**
	 * Record that the stop begins, and no connection is accepted any more.
	 */
	void begin() {
		this.underWay = true;
	}

	/**
	 * Close the connections that are idle now, and schedule the same for the others.
	 * Waits briefly until requests that have arrived are being handled, as the server
	 * stops as soon as it handles none.
	 * @param executor runs the check of busy connections
	 */
	void endIdle(@Nullable ScheduledExecutorService executor) {
		settle(false);
		synchronized (this) {
			if (this.underWay && this.task == null && executor != null) {
				this.task = executor.scheduleWithFixedDelay(() -> sweep(false), INTERVAL.toMillis(),
						INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
	}

	/**
	 * Record that the server stops. Waits briefly, as it may do so before the last
	 * response is written, or the WebSocket is open that it promises.
	 */
	void end() {
		if (this.underWay) {
			settle(true);
		}
		over();
	}

	private void settle(boolean ending) {
		long end = System.nanoTime() + DrainTerms.ARRIVED.toNanos();
		boolean settled = sweep(ending);
		while (!settled && System.nanoTime() - end < 0 && pause()) {
			settled = sweep(ending);
		}
	}

	private static boolean pause() {
		try {
			Thread.sleep(BREATH.toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Record that the stop is over, or that it was cancelled.
	 */
	void over() {
		this.underWay = false;
		synchronized (this) {
			if (this.task != null) {
				this.task.cancel(false);
				this.task = null;
			}
			this.webSockets.clear();
		}
	}

	/**
	 * Close the connections that are idle now.
	 * @param ending whether requests that are being handled count as well
	 * @return whether no other connection can have a request that has arrived but is not
	 * yet being handled, or a close frame that is not yet written
	 */
	private synchronized boolean sweep(boolean ending) {
		boolean settled = true;
		try (ReadableSockets readable = new ReadableSockets()) {
			for (SocketWrapperBase<NioChannel> connection : this.endpoint.getConnections()) {
				settled &= !this.underWay || endIfIdle(connection, readable, ending);
			}
		}
		catch (IOException ex) {
			// They are closed when the server stops
			logger.debug("Idle connections not ended", ex);
		}
		return settled;
	}

	private boolean endIfIdle(SocketWrapperBase<NioChannel> connection, ReadableSockets readable, boolean ending) {
		if (!(connection.getSocket() instanceof TlsShutdownNioChannel channel)) {
			return true;
		}
		Lock lock = connection.getLock();
		if (!lock.tryLock()) {
			return channel.requestSigns().isServing() && !ending;
		}
		try {
			if (connection.isClosed() || connection.getSocket() != channel) {
				return true;
			}
			if (connection.getCurrentProcessor() instanceof Processor processor && processor.isUpgrade()
					&& !processor.isAsync()) {
				return isTold(connection, processor, ending);
			}
			if (channel.requestSigns().hasProcessor()) {
				return channel.requestSigns().isServing();
			}
			if (((NioSocketWrapper) connection).getSendfileData() != null) {
				// Tomcat writes a file without a thread
				return !ending;
			}
			if (channel.hasUndecrypted() || readable.contains(channel.getIOChannel())) {
				return false;
			}
			if (isExpectingRequest((NioSocketWrapper) connection, channel)) {
				// Only the beginning of the stop waits for it
				return ending;
			}
			connection.close();
			return true;
		}
		catch (IOException | RuntimeException ex) {
			// Another thread closes it, the stop at the latest
			logger.debug("Connection not ended", ex);
			return connection.isClosed();
		}
		finally {
			lock.unlock();
		}
	}

	private boolean isExpectingRequest(NioSocketWrapper connection, TlsShutdownNioChannel channel) {
		if (!channel.isHandshakeComplete()) {
			return true;
		}
		Duration patience = DrainTerms.untilNextRequest(channel.requestSigns().isRequested(),
				this.connector.getSettings());
		return System.currentTimeMillis() - connection.getLastRead() < patience.toMillis();
	}

	private boolean isTold(SocketWrapperBase<NioChannel> connection, Processor processor, boolean ending) {
		Object handler = processor.getUpgradeToken().httpUpgradeHandler();
		if (handler instanceof DrainableHttp2Handler http2) {
			http2.endIfIdle();
			return !ending || http2.isQuiet();
		}
		if (!"h2".equals(connection.getNegotiatedProtocol()) && handler instanceof InternalHttpUpgradeHandler
				&& this.webSockets.putIfAbsent(connection, true) == null) {
			try {
				connection.execute(() -> sendCloseFrame(connection));
			}
			catch (RejectedExecutionException ex) {
				// The server has stopped
				this.webSockets.put(connection, false);
			}
		}
		return !this.webSockets.getOrDefault(connection, false);
	}

	// With 1001
	private void sendCloseFrame(SocketWrapperBase<?> connection) {
		connection.processSocket(SocketEvent.STOP, false);
		this.webSockets.replace(connection, false);
	}

}
