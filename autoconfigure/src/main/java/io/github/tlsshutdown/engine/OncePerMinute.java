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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits something that can occur with every connection to once a minute. Safe for use by
 * several threads.
 */
public final class OncePerMinute {

	private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final LongSupplier nanoClock;

	private final AtomicLong lastNanos;

	private final AtomicInteger suppressed = new AtomicInteger();

	/**
	 * Create an instance that is due at once.
	 */
	public OncePerMinute() {
		this(System::nanoTime);
	}

	OncePerMinute(LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
		this.lastNanos = new AtomicLong(nanoClock.getAsLong() - INTERVAL_NANOS);
	}

	/**
	 * Return whether a minute has passed, and start the next one if so.
	 * @return whether it has
	 */
	public boolean isDue() {
		long last = this.lastNanos.get();
		long now = this.nanoClock.getAsLong();
		boolean due = now - last >= INTERVAL_NANOS && this.lastNanos.compareAndSet(last, now);
		if (!due) {
			this.suppressed.incrementAndGet();
		}
		return due;
	}

	/**
	 * Append the number of suppressed messages since the last call.
	 * @param message the message
	 * @return the message, with that number if there is one
	 */
	public String complete(String message) {
		int suppressed = this.suppressed.getAndSet(0);
		return (suppressed == 0) ? message : message + " (" + suppressed + " more since the last message of this kind)";
	}

}
