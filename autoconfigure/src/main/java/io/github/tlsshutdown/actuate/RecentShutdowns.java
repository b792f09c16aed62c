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

package io.github.tlsshutdown.actuate;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;

/**
 * The last few shutdowns: a ring buffer that threads write to without locks.
 */
final class RecentShutdowns {

	private final AtomicReferenceArray<@Nullable Entry> ring;

	private final AtomicLong added = new AtomicLong();

	RecentShutdowns(int size) {
		this.ring = new AtomicReferenceArray<>(size);
	}

	void add(Instant time, TlsShutdownEvent event) {
		if (this.ring.length() == 0) {
			return;
		}
		Entry entry = new Entry(this.added.getAndIncrement(), time, event);
		// A slow thread must not overwrite a newer entry
		this.ring.accumulateAndGet((int) (entry.number % this.ring.length()), entry, RecentShutdowns::later);
	}

	/**
	 * Return the recorded shutdowns.
	 * @return the entries, most recent first
	 */
	List<Entry> entries() {
		return IntStream.range(0, this.ring.length())
			.mapToObj(this.ring::get)
			.filter(Objects::nonNull)
			.sorted(Comparator.comparingLong(Entry::number).reversed())
			.toList();
	}

	private static @Nullable Entry later(@Nullable Entry present, @Nullable Entry added) {
		return (present == null || added == null || present.number < added.number) ? added : present;
	}

	/**
	 * One shutdown.
	 *
	 * @param number the number of shutdowns before it
	 * @param time when the connection was closed
	 * @param event how it ended
	 */
	record Entry(long number, Instant time, TlsShutdownEvent event) {
	}

}
