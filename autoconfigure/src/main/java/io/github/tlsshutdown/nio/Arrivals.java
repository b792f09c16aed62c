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

package io.github.tlsshutdown.nio;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.ConnectionShutdown;

/**
 * Connections that were handed to a {@link ReactorLoop} and are left alone for a moment.
 * Any thread can add and remove; only the loop's thread polls.
 */
final class Arrivals {

	/** How long an arrival is left alone. */
	private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	private final Queue<Arrival> queue = new ConcurrentLinkedQueue<>();

	private final LongSupplier nanoClock;

	Arrivals(LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
	}

	void add(ConnectionShutdown shutdown) {
		this.queue.add(new Arrival(shutdown, this.nanoClock.getAsLong() + GATHER_NANOS));
	}

	/**
	 * Remove a connection.
	 * @param shutdown its shutdown
	 * @return whether it was there
	 */
	boolean remove(ConnectionShutdown shutdown) {
		return this.queue.removeIf((arrival) -> arrival.shutdown == shutdown);
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	/**
	 * Return how much longer the next one is left alone. There must be one.
	 * @param now the current time
	 * @return the time in nanoseconds; not positive if it has passed
	 */
	long nanosUntilNext(long now) {
		return this.queue.element().ripeNanos - now;
	}

	/**
	 * Take the next one whose time has come.
	 * @return its shutdown, or {@code null} if there is none
	 */
	@Nullable ConnectionShutdown pollRipe() {
		Arrival next = this.queue.peek();
		return (next != null && next.ripeNanos - this.nanoClock.getAsLong() <= 0) ? poll() : null;
	}

	/**
	 * Take the next one.
	 * @return its shutdown, or {@code null} if there is none
	 */
	@Nullable ConnectionShutdown poll() {
		Arrival next = this.queue.poll();
		return (next != null) ? next.shutdown : null;
	}

	private record Arrival(ConnectionShutdown shutdown, long ripeNanos) {
	}

}
