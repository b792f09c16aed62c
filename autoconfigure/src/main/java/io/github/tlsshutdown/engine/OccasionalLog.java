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
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs a trouble that may come with every connection at most once a minute.
 */
public final class OccasionalLog {

	private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Log logger;

	private final LongSupplier nanoClock;

	private final AtomicLong lastNanos;

	private final AtomicInteger suppressed = new AtomicInteger();

	/**
	 * Create a log.
	 * @param logger where to log
	 */
	public OccasionalLog(Log logger) {
		this(logger, System::nanoTime);
	}

	OccasionalLog(Log logger, LongSupplier nanoClock) {
		this.logger = logger;
		this.nanoClock = nanoClock;
		this.lastNanos = new AtomicLong(nanoClock.getAsLong() - INTERVAL_NANOS);
	}

	/**
	 * Log a warning, unless there was one less than a minute ago.
	 * @param message the message
	 * @param cause what caused it, if anything
	 */
	public void warn(String message, @Nullable Throwable cause) {
		if (mayLog()) {
			this.logger.warn(describe(message), cause);
		}
	}

	/**
	 * Log something of interest, unless there was such a line less than a minute ago.
	 * @param message gives the message
	 */
	void info(Supplier<String> message) {
		if (mayLog()) {
			this.logger.info(describe(message.get()));
		}
	}

	private boolean mayLog() {
		long last = this.lastNanos.get();
		long now = this.nanoClock.getAsLong();
		boolean may = now - last >= INTERVAL_NANOS && this.lastNanos.compareAndSet(last, now);
		if (!may) {
			this.suppressed.incrementAndGet();
		}
		return may;
	}

	private String describe(String message) {
		int suppressed = this.suppressed.getAndSet(0);
		return (suppressed == 0) ? message : message + " (" + suppressed + " more since the last message of this kind)";
	}

}
