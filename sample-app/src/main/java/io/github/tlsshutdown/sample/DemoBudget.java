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

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how much the demo does: a budget that is renewed in every period.
 */
final class DemoBudget {

	private final int capacity;

	private final long nanosEach;

	private final LongSupplier nanoTime;

	private long spent;

	private long lastRefill;

	DemoBudget(int capacity, Duration period) {
		this(capacity, period, System::nanoTime);
	}

	DemoBudget(int capacity, Duration period, LongSupplier nanoTime) {
		this.capacity = capacity;
		this.nanosEach = period.toNanos() / capacity;
		this.nanoTime = nanoTime;
		this.lastRefill = nanoTime.getAsLong();
	}

	/**
	 * Spend part of the budget, or nothing if not enough of it is left.
	 * @param cost how much to spend
	 * @return whether it was enough
	 */
	synchronized boolean spend(int cost) {
		long refills = (this.nanoTime.getAsLong() - this.lastRefill) / this.nanosEach;
		this.spent = Math.max(0, this.spent - refills);
		this.lastRefill += refills * this.nanosEach;
		if (this.spent + cost > this.capacity) {
			return false;
		}
		this.spent += cost;
		return true;
	}

}
