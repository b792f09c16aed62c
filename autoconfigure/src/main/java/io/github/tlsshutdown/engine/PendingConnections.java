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

package io.github.tlsshutdown.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Counts waiting connections, and measures how long they have been at the limit.
 */
final class PendingConnections {

	private final LongSupplier nanoClock;

	private final AtomicInteger number = new AtomicInteger();

	private volatile @Nullable Full full;

	PendingConnections(LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
	}

	/**
	 * Count one more, if the limit allows.
	 * @param limit how many can wait
	 * @return whether it can wait
	 */
	boolean add(int limit) {
		int number;
		do {
			number = this.number.get();
			if (number >= limit) {
				return false;
			}
		}
		while (!this.number.compareAndSet(number, number + 1));
		if (number + 1 == limit && this.full == null) {
			this.full = new Full(this.nanoClock.getAsLong(), limit);
		}
		return true;
	}

	void remove() {
		int number = this.number.decrementAndGet();
		Full full = this.full;
		if (full != null && full.isOver(number)) {
			this.full = null;
		}
	}

	int number() {
		return this.number.get();
	}

	/**
	 * Return for how long the limit has been reached.
	 * @return the time; zero if it is not
	 */
	Duration fullFor() {
		Full full = this.full;
		return (full != null && !full.isOver(number())) ? Duration.ofNanos(this.nanoClock.getAsLong() - full.sinceNanos)
				: Duration.ZERO;
	}

	/**
	 * A limit that was reached. As connections come and go, this ends only when some room
	 * is free.
	 *
	 * @param sinceNanos when it was reached
	 * @param limit the limit
	 */
	private record Full(long sinceNanos, int limit) {

		boolean isOver(int number) {
			return number < this.limit - this.limit / 10;
		}

	}

}
