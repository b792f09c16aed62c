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

import java.util.List;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Shows the current policy of a connector, whether or not any connection ends.
 */
final class PolicyGauges {

	private final MeterRegistry registry;

	private final List<Gauge> gauges;

	PolicyGauges(TlsShutdownConnector connector, Tags tags, MeterRegistry registry) {
		this.registry = registry;
		this.gauges = Stream.of(TlsShutdownPolicy.values())
			.map((policy) -> Gauge
				.builder("tls.shutdown.policy", connector,
						(source) -> (source.getSettings().policy() == policy) ? 1 : 0)
				.description("Whether this policy applies, unless another is chosen for a single TLS connection")
				.tags(tags.and("policy", DefaultTlsShutdownTagsConvention.value(policy)))
				.register(registry))
			.toList();
	}

	void remove() {
		this.gauges.forEach(this.registry::remove);
	}

}
