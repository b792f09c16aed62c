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

/**
 * Counts the connections that a server has not begun to close.
 */
final class OpenConnections {

	/** Only a safety interval: the last close ends the wait at once. */
	private static final long WAIT_MILLIS = 100;

	private final AtomicInteger number = new AtomicInteger();

	private volatile boolean awaited;

	int number() {
		return this.number.get();
	}

	void opened() {
		this.number.incrementAndGet();
	}

	void closed() {
		if (this.number.decrementAndGet() <= 0 && this.awaited) {
			synchronized (this) {
				notifyAll();
			}
		}
	}

	/**
	 * Wait until there are none.
	 * @param patience how long to wait while none of them is closed
	 * @return whether there are none; also {@code true} if the thread was interrupted,
	 * which it still is
	 */
	synchronized boolean awaitNone(Duration patience) {
		this.awaited = true;
		int before = this.number.get();
		long start = System.nanoTime();
		try {
			while (before > 0) {
				wait(WAIT_MILLIS);
				int now = this.number.get();
				if (now < before) {
					before = now;
					start = System.nanoTime();
				}
				else if (System.nanoTime() - start > patience.toNanos()) {
					return false;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return true;
	}

}
