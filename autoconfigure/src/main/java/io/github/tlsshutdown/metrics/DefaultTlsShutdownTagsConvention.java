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

package io.github.tlsshutdown.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * The tags {@code policy}, {@code outcome}, {@code initiator}, {@code protocol} and
 * {@code connector}.
 * <p>
 * There are few combinations, and each is created only once, so tags add no cost per
 * connection.
 *
 * @since 0.1.0
 */
public class DefaultTlsShutdownTagsConvention implements TlsShutdownTagsConvention {

	private static final int OUTCOMES = TlsShutdownOutcome.values().length;

	private static final int INITIATORS = TlsShutdownInitiator.values().length;

	/** By connector, then by TLS version. */
	private final Map<String, Map<String, @Nullable Tags[]>> combinations = new ConcurrentHashMap<>();

	@Override
	public Tags getTags(TlsShutdownEvent event) {
		@Nullable Tags[] combinations = combinations(event);
		int index = index(event.policy(), event.outcome(), event.initiator());
		Tags tags = combinations[index];
		if (tags == null) {
			tags = combine(event);
			// Other threads may do the same: tags are immutable, and equal
			combinations[index] = tags;
		}
		return tags;
	}

	@Override
	public Tags getConnectorTags(TlsShutdownConnector connector) {
		return Tags.of("connector", connector.getName());
	}

	private @Nullable Tags[] combinations(TlsShutdownEvent event) {
		Map<String, @Nullable Tags[]> byProtocol = this.combinations.get(event.connector());
		@Nullable Tags @Nullable [] combinations = (byProtocol != null) ? byProtocol.get(event.protocol()) : null;
		return (combinations != null) ? combinations
				: this.combinations.computeIfAbsent(event.connector(), (connector) -> new ConcurrentHashMap<>())
					.computeIfAbsent(event.protocol(),
							(protocol) -> new Tags[TlsShutdownPolicy.values().length * OUTCOMES * INITIATORS]);
	}

	private static Tags combine(TlsShutdownEvent event) {
		return Tags.of("policy", value(event.policy()), "outcome", value(event.outcome()), "initiator",
				value(event.initiator()), "protocol", event.protocol(), "connector", event.connector());
	}

	private static int index(TlsShutdownPolicy policy, TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		return (policy.ordinal() * OUTCOMES + outcome.ordinal()) * INITIATORS + initiator.ordinal();
	}

	static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
