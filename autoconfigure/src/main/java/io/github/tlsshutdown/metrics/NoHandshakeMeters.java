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

import java.util.EnumMap;
import java.util.Map;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;

/**
 * Counts the connections without a completed handshake, by reason.
 */
final class NoHandshakeMeters {

	private final Map<TlsShutdownNoHandshakeReason, Counter> counters = new EnumMap<>(
			TlsShutdownNoHandshakeReason.class);

	NoHandshakeMeters(Tags tags, MeterRegistry registry) {
		for (TlsShutdownNoHandshakeReason reason : TlsShutdownNoHandshakeReason.values()) {
			this.counters.put(reason,
					Counter.builder("tls.shutdown.no_handshake")
						.description("TLS connections that ended before their handshake was complete")
						.baseUnit(BaseUnits.CONNECTIONS)
						.tags(tags.and("reason", DefaultTlsShutdownTagsConvention.value(reason)))
						.register(registry));
		}
	}

	void count(TlsShutdownEvent event) {
		TlsShutdownNoHandshakeReason reason = event.noHandshakeReason();
		Counter counter = (reason != null) ? this.counters.get(reason) : null;
		if (counter != null) {
			counter.increment();
		}
	}

}
