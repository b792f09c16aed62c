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

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Elements in the order in which they are due. Every operation costs at most O(log n).
 *
 * @param <E> the type of elements, compared by identity
 */
final class DeadlineQueue<E> {

	private final TreeSet<Entry<E>> entries = new TreeSet<>(
			// Differences, because System.nanoTime() can overflow
			((Comparator<Entry<E>>) (a, b) -> Long.signum(a.dueNanos - b.dueNanos))
				.thenComparingLong((entry) -> entry.sequence));

	private final Map<E, Entry<E>> byElement = new IdentityHashMap<>();

	private long sequence;

	/**
	 * Add an element that is not in the queue.
	 * @param element the element
	 * @param dueNanos when it is due, on the clock of {@link System#nanoTime()}
	 */
	void add(E element, long dueNanos) {
		Entry<E> entry = new Entry<>(element, dueNanos, this.sequence++);
		this.entries.add(entry);
		this.byElement.put(element, entry);
	}

	void remove(E element) {
		Entry<E> entry = this.byElement.remove(element);
		if (entry != null) {
			this.entries.remove(entry);
		}
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	/**
	 * Remove the first element if it is due.
	 * @param now the current time
	 * @return the element, or {@code null} if none is due
	 */
	@Nullable E pollDue(long now) {
		return (nanosUntilNext(now) <= 0) ? pollFirst() : null;
	}

	/**
	 * Remove the first element, due or not.
	 * @return the element, or {@code null} if there is none
	 */
	@Nullable E pollFirst() {
		Entry<E> first = this.entries.pollFirst();
		if (first == null) {
			return null;
		}
		this.byElement.remove(first.element);
		return first.element;
	}

	/**
	 * Return how long it takes until the first element is due.
	 * @param now the current time
	 * @return the time in nanoseconds, not positive if it is due; {@link Long#MAX_VALUE}
	 * if there is none
	 */
	long nanosUntilNext(long now) {
		return this.entries.isEmpty() ? Long.MAX_VALUE : this.entries.first().dueNanos - now;
	}

	private record Entry<E>(E element, long dueNanos, long sequence) {
	}

}
