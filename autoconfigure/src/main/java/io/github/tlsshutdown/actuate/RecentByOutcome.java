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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;

/**
 * The last few shutdowns of each outcome, so that frequent outcomes do not displace rare
 * ones.
 */
final class RecentByOutcome {

	private final Map<TlsShutdownOutcome, RecentShutdowns> outcomes = new EnumMap<>(TlsShutdownOutcome.class);

	RecentByOutcome(int size) {
		for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
			this.outcomes.put(outcome, new RecentShutdowns(size));
		}
	}

	void add(Instant time, TlsShutdownEvent event) {
		recent(event.outcome()).add(time, event);
	}

	/**
	 * Return the recorded shutdowns.
	 * @return the entries, most recent first
	 */
	List<RecentShutdowns.Entry> entries() {
		return this.outcomes.values()
			.stream()
			.flatMap((recent) -> recent.entries().stream())
			.sorted(Comparator.comparing(RecentShutdowns.Entry::time).reversed())
			.toList();
	}

	private RecentShutdowns recent(TlsShutdownOutcome outcome) {
		RecentShutdowns recent = this.outcomes.get(outcome);
		if (recent == null) {
			throw new IllegalStateException("Unknown outcome " + outcome);
		}
		return recent;
	}

}
