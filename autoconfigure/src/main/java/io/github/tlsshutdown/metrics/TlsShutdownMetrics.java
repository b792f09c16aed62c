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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Records how TLS connections end: the timer {@code tls.shutdown}, the gauges
 * {@code tls.shutdown.pending}, {@code tls.shutdown.open} and
 * {@code tls.shutdown.pending.limit} and the counters {@code tls.shutdown.discarded},
 * {@code tls.shutdown.truncated}, {@code tls.shutdown.unread} and
 * {@code tls.shutdown.no_handshake}.
 *
 * @since 0.1.0
 */
public class TlsShutdownMetrics implements TlsShutdownListener {

	private final Supplier<MeterRegistry> registry;

	private final TlsShutdownTagsConvention convention;

	private final Map<String, TlsShutdownConnector> started = new ConcurrentHashMap<>();

	private final Map<String, ConnectorMeters> connectors = new ConcurrentHashMap<>();

	private volatile @Nullable MeterProvider<Timer> timers;

	/**
	 * Create a listener.
	 * @param registry supplies the registry, which must be ready when the first connector
	 * starts, but not earlier
	 * @param convention provides the tags
	 */
	public TlsShutdownMetrics(Supplier<MeterRegistry> registry, TlsShutdownTagsConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		this.started.put(connector.getName(), connector);
		metersOf(connector.getName());
	}

	@Override
	public void onConnectorStopped(TlsShutdownConnector connector) {
		this.started.remove(connector.getName());
		ConnectorMeters meters = this.connectors.remove(connector.getName());
		if (meters != null) {
			meters.removeGauges();
		}
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		ConnectorMeters meters = metersOf(event.connector());
		MeterProvider<Timer> timers = this.timers;
		if (timers != null) {
			timers.withTags(this.convention.getTags(event)).record(event.duration());
		}
		if (meters != null) {
			meters.registerTimers(event.policy());
			meters.count(event);
		}
	}

	/**
	 * Return the meters of a connector. They are created when it starts or, if the
	 * registry or the convention failed then, with a later connection.
	 * @param name the connector's name
	 * @return the meters, or {@code null} if it is not running
	 */
	private @Nullable ConnectorMeters metersOf(String name) {
		TlsShutdownConnector connector = this.started.get(name);
		ConnectorMeters meters = this.connectors.get(name);
		return (meters == null && connector != null)
				? this.connectors.computeIfAbsent(name, (absent) -> createMeters(connector)) : meters;
	}

	private ConnectorMeters createMeters(TlsShutdownConnector connector) {
		MeterRegistry registry = this.registry.get();
		MeterProvider<Timer> timers = Timer.builder("tls.shutdown")
			.description("Time from the first step of a TLS connection's shutdown to its TCP close")
			.withRegistry(registry);
		this.timers = timers;
		ConnectorMeters meters = new ConnectorMeters(connector, this.convention, registry, timers);
		meters.registerTimers(connector.getSettings().policy());
		return meters;
	}

}
