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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * The meters of one connector. Registers the timers of all possible outcomes in advance:
 * the rate of a counter that appears with its first event misses that event.
 */
final class ConnectorMeters {

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private final String connector;

	private final TlsShutdownTagsConvention convention;

	private final MeterRegistry registry;

	private final MeterProvider<Timer> timers;

	private final PolicyGauges policies;

	private final Counter discarded;

	private final LossMeters losses;

	private final NoHandshakeMeters noHandshakes;

	private final List<Gauge> gauges;

	private final Set<TlsShutdownPolicy> registered = ConcurrentHashMap.newKeySet();

	ConnectorMeters(TlsShutdownConnector connector, TlsShutdownTagsConvention convention, MeterRegistry registry,
			MeterProvider<Timer> timers) {
		this.connector = connector.getName();
		this.convention = convention;
		this.registry = registry;
		this.timers = timers;
		Tags tags = convention.getConnectorTags(connector);
		this.policies = new PolicyGauges(connector, tags, registry);
		this.discarded = Counter.builder("tls.shutdown.discarded")
			.description("Application data that peers sent while the server waited for their close_notify")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags)
			.register(registry);
		this.losses = new LossMeters(tags, registry);
		this.noHandshakes = new NoHandshakeMeters(tags, registry);
		this.gauges = List.of(
				// A gauge only has a weak reference to its connector
				Gauge.builder("tls.shutdown.pending", connector, TlsShutdownConnector::getPending)
					.description("TLS connections that wait for their peers")
					.baseUnit(BaseUnits.CONNECTIONS)
					.tags(tags)
					.register(registry),
				Gauge.builder("tls.shutdown.open", connector, TlsShutdownConnector::getOpen)
					.description("TLS connections that were accepted and not yet closed by the server")
					.baseUnit(BaseUnits.CONNECTIONS)
					.tags(tags)
					.register(registry),
				Gauge.builder("tls.shutdown.pending.limit", connector, (source) -> source.getSettings().maxPending())
					.description("TLS connections that can wait for their peers at once")
					.baseUnit(BaseUnits.CONNECTIONS)
					.tags(tags)
					.register(registry));
	}

	void removeGauges() {
		this.gauges.forEach(this.registry::remove);
		this.policies.remove();
	}

	/**
	 * Count everything about an event but its outcome.
	 * @param event the event
	 */
	void count(TlsShutdownEvent event) {
		if (event.discardedBytes() > 0) {
			this.discarded.increment(event.discardedBytes());
		}
		this.losses.count(event);
		this.noHandshakes.count(event);
	}

	/**
	 * Register the timers of a policy, unless already registered.
	 * @param policy the policy
	 */
	void registerTimers(TlsShutdownPolicy policy) {
		// Checked first, as add may lock
		if (this.registered.contains(policy) || !this.registered.add(policy)) {
			return;
		}
		this.losses.register(policy);
		for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
			for (TlsShutdownInitiator initiator : TlsShutdownInitiator.values()) {
				if (outcome.isPossible(policy, initiator)) {
					registerTimers(policy, outcome, initiator);
				}
			}
		}
	}

	private void registerTimers(TlsShutdownPolicy policy, TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		List<String> protocols = (outcome != TlsShutdownOutcome.NO_HANDSHAKE) ? PROTOCOLS
				: List.of(TlsShutdownEvent.UNKNOWN_PROTOCOL);
		for (String protocol : protocols) {
			TlsShutdownEvent event = TlsShutdownEvent.builder(this.connector, policy, outcome)
				.initiator(initiator)
				.protocol(protocol)
				.build();
			this.timers.withTags(this.convention.getTags(event));
		}
	}

}
