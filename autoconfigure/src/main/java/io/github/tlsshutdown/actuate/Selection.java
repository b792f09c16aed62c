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

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import io.github.tlsshutdown.TlsShutdownOutcome;

/**
 * The filter of a read request.
 */
final class Selection {

	private final @Nullable TlsShutdownOutcome outcome;

	private final @Nullable String connector;

	/**
	 * Create a selection.
	 * @param outcome the outcome of shutdowns to show; all if {@code null}
	 * @param connector the name of the connector to show; all if {@code null}
	 * @throws InvalidEndpointRequestException if there is no such outcome
	 */
	Selection(@Nullable String outcome, @Nullable String connector) {
		this.outcome = (outcome != null) ? Values.parse("outcome", outcome, TlsShutdownOutcome.values()) : null;
		this.connector = connector;
	}

	List<RecordedConnector> connectors(Collection<RecordedConnector> all) {
		return all.stream().filter((candidate) -> isSelected(candidate.connector().getName())).toList();
	}

	List<RecentShutdowns.Entry> recent(Collection<RecentShutdowns.Entry> all) {
		return all.stream()
			.filter((entry) -> this.outcome == null || entry.event().outcome() == this.outcome)
			.filter((entry) -> isSelected(entry.event().connector()))
			.toList();
	}

	/**
	 * Reject the name of a connector that is neither running nor recorded.
	 * @param running the running connectors
	 * @param recent the recorded shutdowns
	 * @throws InvalidEndpointRequestException if the name is unknown
	 */
	void check(Collection<RecordedConnector> running, Collection<RecentShutdowns.Entry> recent) {
		List<String> known = Stream
			.concat(running.stream().map((candidate) -> candidate.connector().getName()),
					recent.stream().map((entry) -> entry.event().connector()))
			.distinct()
			.toList();
		if (this.connector != null && !known.contains(this.connector)) {
			throw Values.notOneOf("connector", this.connector, known);
		}
	}

	private boolean isSelected(String name) {
		return this.connector == null || this.connector.equals(name);
	}

}
