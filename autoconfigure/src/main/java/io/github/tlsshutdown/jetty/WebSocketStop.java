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

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.DrainTerms;

/**
 * Has the WebSockets of a server end in one graceful stop. Their sessions are told all at
 * once: which session belongs to which connection is not known.
 * <p>
 * The thread that opens a WebSocket continues with the application's handlers, perhaps
 * for long. So it cannot be awaited, and it is not known when the session can be told: it
 * is told several times. Used by one thread at a time.
 */
final class WebSocketStop {

	/** Each time takes a thread. */
	private static final Duration AGAIN = Duration.ofMillis(50);

	private final Server server;

	private final Map<EndPoint, Long> openedAt = new IdentityHashMap<>();

	private final Set<EndPoint> open = Collections.newSetFromMap(new IdentityHashMap<>());

	/** Completes when sessions have been told to send their close frames. */
	private @Nullable CompletableFuture<Void> told;

	/** How many there were when they were last looked at. */
	private int left;

	/**
	 * When there was one that had not been told, or one that had ended: Jetty tells the
	 * next one only when the application's handler of that end has returned.
	 */
	private long progressAt;

	/** When they were told, or those that were being opened told again. */
	private long toldAt;

	WebSocketStop(Server server) {
		this.server = server;
	}

	/**
	 * Have WebSockets end, unless that has already been done.
	 * @param endPoints the connections
	 * @return whether there is one whose client has yet to be notified
	 */
	boolean tell(List<EndPoint> endPoints) {
		boolean untold = this.told == null;
		boolean opening = false;
		int left = 0;
		for (EndPoint endPoint : endPoints) {
			if (endPoint.getConnection() instanceof TlsShutdownSslConnection connection) {
				// Of HTTP/2 that is not known for each stream
				boolean http2 = Protocols.isHttp2(connection);
				boolean handling = connection.signs().requests().isHandling();
				for (EndPoint webSocket : webSockets(connection)) {
					left++;
					opening |= (http2 || handling) && isOpening(webSocket);
					untold |= (http2 || !handling) && this.open.add(webSocket);
				}
			}
		}
		if (untold || left < this.left) {
			this.progressAt = System.nanoTime();
		}
		this.left = left;
		if (untold || (opening && !isTelling() && hasPassed(AGAIN, this.toldAt))) {
			closeSessions();
		}
		return isTelling() && !hasPassed(DrainTerms.ARRIVED, this.progressAt);
	}

	/**
	 * Return whether a WebSocket whose handler may be running is to be waited for.
	 * @param webSocket its end point
	 * @return whether it was opened, or first looked at, a short time ago
	 */
	boolean isOpening(EndPoint webSocket) {
		Long since = this.openedAt.putIfAbsent(webSocket, System.nanoTime());
		return since == null || !hasPassed(DrainTerms.ARRIVED, since);
	}

	private static Collection<EndPoint> webSockets(TlsShutdownSslConnection connection) {
		if (Protocols.isHttp2(connection)) {
			return Http2Sessions.webSockets(connection.getSslEndPoint().getConnection());
		}
		return Protocols.isWebSocket(connection) ? List.of(connection.getEndPoint()) : List.of();
	}

	private boolean isTelling() {
		return this.told != null && !this.told.isDone();
	}

	private static boolean hasPassed(Duration time, long since) {
		return System.nanoTime() - since >= time.toNanos();
	}

	// With 1001. Those that are already closing are left alone.
	private void closeSessions() {
		this.toldAt = System.nanoTime();
		this.told = CompletableFuture.allOf(this.server.getContainedBeans(Graceful.class)
			.stream()
			.filter(WebSocketStop::hasSessions)
			.map(Graceful::shutdown)
			.toArray(CompletableFuture[]::new));
	}

	private static boolean hasSessions(Graceful graceful) {
		String name = graceful.getClass().getName();
		return name.startsWith("org.eclipse.jetty.") && name.contains(".websocket.");
	}

}
