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

package io.github.tlsshutdown.sample;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.springframework.stereotype.Component;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Records how the last connections ended, and reports to demo clients, which run in this
 * process, how theirs ended.
 */
@Component
class ConnectionEnds implements TlsShutdownListener {

	static final int REMEMBERED = 200;

	private final Map<InetSocketAddress, CompletableFuture<TlsShutdownEvent>> expected = new ConcurrentHashMap<>();

	/** Most recent first. */
	private final Deque<End> ends = new ArrayDeque<>();

	private long number;

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		InetSocketAddress remote = event.remoteAddress();
		if (remote == null) {
			return;
		}
		CompletableFuture<TlsShutdownEvent> waiting = this.expected.remove(remote);
		if (waiting != null) {
			// Waiting code must not run on the server's thread
			waiting.completeAsync(() -> event);
			return;
		}
		synchronized (this.ends) {
			this.ends.addFirst(new End(++this.number, Instant.now(), event));
			if (this.ends.size() > REMEMBERED) {
				this.ends.removeLast();
			}
		}
	}

	/**
	 * Expect the end of a demo connection, which is then not recorded.
	 * @param client address and port of the client
	 * @param limit how long to wait for it
	 * @return completed when the connection has ended, exceptionally if it has not within
	 * the limit
	 */
	CompletableFuture<TlsShutdownEvent> expect(InetSocketAddress client, Duration limit) {
		CompletableFuture<TlsShutdownEvent> end = new CompletableFuture<>();
		this.expected.put(client, end);
		end.whenComplete((event, failure) -> this.expected.remove(client, end));
		return end.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Return how connections from an address have ended.
	 * @param address the address
	 * @param limit how many to return
	 * @return the last ones, most recent first
	 */
	List<End> from(InetAddress address, int limit) {
		List<End> found = new ArrayList<>();
		synchronized (this.ends) {
			for (Iterator<End> all = this.ends.iterator(); all.hasNext() && found.size() < limit;) {
				End end = all.next();
				InetSocketAddress remote = end.event().remoteAddress();
				if (remote != null && address.equals(remote.getAddress())) {
					found.add(end);
				}
			}
		}
		return found;
	}

	/**
	 * The end of a connection.
	 *
	 * @param number its number in the order of ends
	 * @param time when it ended
	 * @param event how it ended
	 */
	record End(long number, Instant time, TlsShutdownEvent event) {
	}

}
