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

package io.github.tlsshutdown.jetty;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.AbstractConnector;

import io.github.tlsshutdown.engine.DrainTerms;
import io.github.tlsshutdown.nio.NioConnector;
import io.github.tlsshutdown.nio.ReadableSockets;

/**
 * Closes a connector's TLS connections between the beginning of a graceful stop and the
 * stop itself. Idle ones are closed at once. Jetty handles a request that arrives, and
 * makes it the last on its connection.
 * <p>
 * An idle HTTP/1.1 connection waits for a notification that there is something to read.
 * It is notified of the end of the stream instead: after that, no other notification can
 * reach it.
 */
final class GracefulStop {

	private static final Log logger = LogFactory.getLog(GracefulStop.class);

	/** How soon Spring Boot stops Jetty once the stop has begun. */
	private static final Duration BEGINNING = Duration.ofSeconds(1);

	private static final Duration BREATH = Duration.ofMillis(5);

	private static final Duration INTERVAL = Duration.ofMillis(50);

	private final AbstractConnector connector;

	private final NioConnector tlsConnector;

	GracefulStop(AbstractConnector connector, NioConnector tlsConnector) {
		this.connector = connector;
		this.tlsConnector = tlsConnector;
	}

	/**
	 * Close idle connections as soon as Jetty no longer accepts any.
	 * @return completes when no request is being handled
	 */
	CompletableFuture<Void> begin() {
		if (!this.connector.isRunning() || !this.tlsConnector.getSettings().drainIdle()) {
			return CompletableFuture.completedFuture(null);
		}
		Run run = new Run();
		run.schedule(BREATH);
		return run.settled;
	}

	/**
	 * One graceful stop: the server can be started again.
	 */
	private final class Run implements Runnable {

		private final CompletableFuture<Void> settled = new CompletableFuture<>();

		private final Map<EndPoint, Long> idleSince = Collections.synchronizedMap(new IdentityHashMap<>());

		private final long begun = System.nanoTime();

		private final WebSocketStop webSockets = new WebSocketStop(GracefulStop.this.connector.getServer());

		@Override
		public void run() {
			AbstractConnector connector = GracefulStop.this.connector;
			boolean waits = !connector.isShutdown() && hasPassedLessThan(BEGINNING);
			try {
				if (connector.isRunning() && connector.isShutdown()) {
					waits = look();
				}
			}
			catch (IOException | RuntimeException ex) {
				// They are closed when the server stops
				logger.debug("Idle connections not ended", ex);
			}
			if (!waits) {
				this.settled.complete(null);
			}
			if (connector.isRunning()) {
				boolean soon = !this.settled.isDone() && hasPassedLessThan(DrainTerms.ARRIVED);
				schedule(soon ? BREATH : INTERVAL);
			}
		}

		private void schedule(Duration delay) {
			try {
				GracefulStop.this.connector.getScheduler().schedule(this, delay.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (RejectedExecutionException ex) {
				// Has been stopped
				this.settled.complete(null);
			}
		}

		private boolean hasPassedLessThan(Duration time) {
			return System.nanoTime() - this.begun < time.toNanos();
		}

		/**
		 * Close the connections that are idle now.
		 * @return whether there is a request to wait for
		 */
		private boolean look() throws IOException {
			List<EndPoint> endPoints = List.copyOf(GracefulStop.this.connector.getConnectedEndPoints());
			boolean waits = this.webSockets.tell(endPoints);
			try (ReadableSockets readable = new ReadableSockets()) {
				for (EndPoint endPoint : endPoints) {
					if (endPoint.getConnection() instanceof TlsShutdownSslConnection connection
							&& !connection.isClosing()) {
						waits |= isWaitedFor(connection, readable);
					}
				}
			}
			return waits;
		}

		// A problem of one connection must not affect the others
		private boolean isWaitedFor(TlsShutdownSslConnection connection, ReadableSockets readable) {
			try {
				return look(connection, readable);
			}
			catch (IOException | RuntimeException ex) {
				logger.debug("Connection not ended", ex);
				return !connection.isClosing() && hasPassedLessThan(DrainTerms.ARRIVED);
			}
		}

		private boolean look(TlsShutdownSslConnection connection, ReadableSockets readable) throws IOException {
			boolean http2 = Protocols.isHttp2(connection);
			if (http2 ? isHttp2Busy(connection) : connection.signs().requests().isHandling()) {
				return !Protocols.isWebSocket(connection) || this.webSockets.isOpening(connection.getEndPoint());
			}
			if (isExpectingRequest(connection)) {
				return hasPassedLessThan(DrainTerms.ARRIVED);
			}
			if (!http2 && !Protocols.isHttp1(connection)) {
				// A WebSocket has been notified
				return false;
			}
			if (readable.contains(connection.socket())) {
				this.idleSince.remove(connection.getEndPoint());
				return hasPassedLessThan(DrainTerms.ARRIVED);
			}
			if (http2) {
				endHttp2(connection);
			}
			else {
				connection.getSslEndPoint().getFillInterest().onFail(new EofException("The server stops"));
			}
			return false;
		}

		// With a request that waits for a thread, too
		private boolean isHttp2Busy(TlsShutdownSslConnection connection) {
			boolean busy = Http2Sessions.hasRequest(connection.getSslEndPoint().getConnection());
			if (busy) {
				this.idleSince.remove(connection.getEndPoint());
				tellHttp2(connection);
			}
			return busy;
		}

		private boolean isExpectingRequest(TlsShutdownSslConnection connection) {
			ConnectionSigns signs = connection.signs();
			if (!signs.isEstablished()) {
				return true;
			}
			if (Protocols.isHttp1(connection) && (signs.requests().isArriving() || connection.undecrypted() != null)) {
				return true;
			}
			Duration patience = DrainTerms.untilNextRequest(signs.requests().hasBeenAny(),
					GracefulStop.this.tlsConnector.getSettings());
			return connection.socketEndPoint().getIdleFor() < patience.toMillis();
		}

		private void tellHttp2(TlsShutdownSslConnection connection) {
			Http2Sessions.shutdown(connection.getSslEndPoint().getConnection());
		}

		private void endHttp2(TlsShutdownSslConnection connection) {
			tellHttp2(connection);
			Long since = this.idleSince.putIfAbsent(connection.getEndPoint(), System.nanoTime());
			if (since != null && System.nanoTime() - since >= DrainTerms.GOAWAY.toNanos()) {
				connection.getSslEndPoint().close();
			}
		}

	}

}
