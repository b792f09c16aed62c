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
import java.util.function.LongSupplier;

import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * The time limits of a shutdown: {@code timeout} since the peer last made progress,
 * {@code max-wait} in all.
 */
final class Term {

	private final LongSupplier nanoClock;

	private final long timeoutNanos;

	private final long maxWaitNanos;

	private final long startNanos;

	private long lastProgressNanos;

	Term(TlsShutdownSettings settings, LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
		this.timeoutNanos = settings.timeout().toNanos();
		this.maxWaitNanos = settings.maxWait().toNanos();
		this.startNanos = nanoClock.getAsLong();
		this.lastProgressNanos = this.startNanos;
	}

	/**
	 * Record that the peer has read or sent something.
	 */
	void progressed() {
		this.lastProgressNanos = this.nanoClock.getAsLong();
	}

	/**
	 * Return how much is left.
	 * @param now the current time, on the same clock
	 * @return the time in nanoseconds; not positive if it has run out
	 */
	long nanosLeft(long now) {
		return Math.min(this.timeoutNanos - (now - this.lastProgressNanos),
				this.maxWaitNanos - (now - this.startNanos));
	}

	/**
	 * Return whether the peer has made no progress for the whole {@code timeout}.
	 * @return whether it is silent
	 */
	boolean isSilent() {
		return this.nanoClock.getAsLong() - this.lastProgressNanos >= this.timeoutNanos;
	}

	/**
	 * Return how much has passed.
	 * @return the time since the start
	 */
	Duration elapsed() {
		return Duration.ofNanos(this.nanoClock.getAsLong() - this.startNanos);
	}

}
