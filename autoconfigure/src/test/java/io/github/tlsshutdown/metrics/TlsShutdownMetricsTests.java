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

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TlsShutdownMetrics}.
 */
class TlsShutdownMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final TlsShutdownMetrics metrics = new TlsShutdownMetrics(() -> this.registry,
			new DefaultTlsShutdownTagsConvention());

	private final FakeConnector connector = new FakeConnector(8443);

	@Test
	void unidirectionalConnectorStartsWithEveryOutcomeAtZero() {
		start(TlsShutdownPolicy.UNIDIRECTIONAL);
		assertThat(timers()).containsExactly("aborted local", "completed local", "completed peer", "failed local",
				"failed peer", "no_handshake local", "no_handshake peer", "overflow local", "overflow peer",
				"reset local", "reset peer", "sent local", "timed_out local", "timed_out peer", "unclean peer");
		assertStartsWithZero("unidirectional");
	}

	@Test
	void bidirectionalConnectorStartsWithEveryOutcomeAtZero() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		assertThat(timers()).containsExactly("aborted local", "completed local", "completed peer", "failed local",
				"failed peer", "no_handshake local", "no_handshake peer", "overflow local", "overflow peer",
				"reset local", "reset peer", "timed_out local", "timed_out peer", "unclean local", "unclean peer");
		assertStartsWithZero("bidirectional");
	}

	@Test
	void quietConnectorStartsWithEveryOutcomeAtZero() {
		start(TlsShutdownPolicy.QUIET);
		assertThat(timers()).containsExactly("aborted local", "failed local", "failed peer", "no_handshake local",
				"no_handshake peer", "overflow local", "overflow peer", "quiet local", "quiet peer", "reset local",
				"reset peer", "timed_out local", "timed_out peer", "unclean peer");
		assertStartsWithZero("quiet");
	}

	@Test
	void metersOfANameHaveTheSameKeys() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		this.metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.COMPLETED,
				TlsShutdownInitiator.LOCAL, "192.0.2.1", 10));
		assertThat(keys("tls.shutdown"))
			.containsExactly(Set.of("policy", "outcome", "initiator", "protocol", "connector"));
		for (String name : List.of("tls.shutdown.pending", "tls.shutdown.pending.limit", "tls.shutdown.discarded")) {
			assertThat(keys(name)).containsExactly(Set.of("connector"));
		}
	}

	@Test
	void metersHaveDescriptionsAndBaseUnits() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		assertThat(this.registry.getMeters()).allSatisfy((meter) -> {
			assertThat(meter.getId().getDescription()).isNotBlank();
			assertThat(meter.getId().getBaseUnit()).isEqualTo(switch (meter.getId().getName()) {
				case "tls.shutdown" -> "seconds";
				case "tls.shutdown.discarded" -> "bytes";
				case "tls.shutdown.policy" -> null;
				default -> "connections";
			});
		});
	}

	@Test
	void shutdownIsRecordedByItsOwnTimerAlone() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		TlsShutdownEvent event = TestEvents.event(this.connector, TlsShutdownOutcome.TIMED_OUT,
				TlsShutdownInitiator.LOCAL);
		this.metrics.onShutdown(event);
		this.metrics.onShutdown(event);
		Timer timer = this.registry.get("tls.shutdown")
			.tags("policy", "bidirectional", "outcome", "timed_out", "initiator", "local", "protocol", "TLSv1.3",
					"connector", "https-jsse-nio-8443")
			.timer();
		assertThat(timer.count()).isEqualTo(2);
		assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(2 * TestEvents.DURATION.toNanos());
		assertThat(total()).isEqualTo(2);
	}

	@Test
	void shutdownThatWasNotForeseenIsRecorded() {
		start(TlsShutdownPolicy.QUIET);
		this.metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.PEER));
		assertThat(this.registry.get("tls.shutdown").tags("outcome", "sent", "initiator", "peer").timer().count())
			.isOne();
	}

	@Test
	void policyChangedAtRunTimeIsRegisteredWithItsFirstShutdown() {
		start(TlsShutdownPolicy.UNIDIRECTIONAL);
		setPolicy(TlsShutdownPolicy.QUIET);
		this.metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.QUIET, TlsShutdownInitiator.LOCAL));
		assertThat(this.registry.get("tls.shutdown").tags("policy", "quiet").timers()).hasSize(26);
		assertThat(total()).isOne();
	}

	@Test
	void gaugesFollowTheConnector() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		this.connector.setPending(7);
		assertThat(gauge("tls.shutdown.pending")).isEqualTo(7);
		assertThat(gauge("tls.shutdown.pending.limit")).isEqualTo(10_000);
	}

	@Test
	void policyGaugesFollowThePolicy() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		assertThat(policies()).containsOnly(entry("unidirectional", 0.0), entry("bidirectional", 1.0),
				entry("quiet", 0.0));
		setPolicy(TlsShutdownPolicy.QUIET);
		assertThat(policies()).containsOnly(entry("unidirectional", 0.0), entry("bidirectional", 0.0),
				entry("quiet", 1.0));
		this.metrics.onConnectorStopped(this.connector);
		assertThat(this.registry.find("tls.shutdown.policy").meters()).isEmpty();
	}

	@Test
	void gaugesLeaveWithTheConnectorAndReturnWithIt() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		this.metrics.onConnectorStopped(this.connector);
		assertThat(this.registry.find("tls.shutdown.pending").meters()).isEmpty();
		assertThat(this.registry.find("tls.shutdown.pending.limit").meters()).isEmpty();
		assertThat(this.registry.find("tls.shutdown").meters()).isNotEmpty();
		assertThat(this.registry.find("tls.shutdown.discarded").meters()).hasSize(1);
		this.metrics.onConnectorStarted(this.connector);
		this.connector.setPending(3);
		assertThat(gauge("tls.shutdown.pending")).isEqualTo(3);
		assertThat(gauge("tls.shutdown.pending.limit")).isEqualTo(10_000);
	}

	@Test
	void gaugesOfOtherConnectorsStay() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		FakeConnector other = new FakeConnector(9443);
		this.metrics.onConnectorStarted(other);
		this.metrics.onConnectorStopped(this.connector);
		assertThat(this.registry.get("tls.shutdown.pending").gauges()).extracting(Gauge::getId)
			.extracting((id) -> id.getTag("connector"))
			.containsExactly("https-jsse-nio-9443");
	}

	@Test
	void shutdownAfterItsConnectorStoppedIsRecorded() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		this.metrics.onConnectorStopped(this.connector);
		this.metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.RESET, TlsShutdownInitiator.PEER));
		assertThat(total()).isOne();
	}

	@Test
	void stoppedConnectorIsNotHeld() {
		WeakReference<TlsShutdownConnector> stopped = startAndStop();
		await().until(() -> {
			System.gc();
			return stopped.get() == null;
		});
		assertThat(this.registry.find("tls.shutdown").meters()).isNotEmpty();
	}

	@Test
	void discardedBytesAreCounted() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		for (long bytes : new long[] { 0, 1000, 24 }) {
			this.metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.COMPLETED,
					TlsShutdownInitiator.LOCAL, "192.0.2.1", bytes));
		}
		assertThat(this.registry.get("tls.shutdown.discarded").counter().count()).isEqualTo(1024);
	}

	@Test
	void connectionsWithoutHandshakeAreCountedByReason() {
		start(TlsShutdownPolicy.BIDIRECTIONAL);
		assertThat(this.registry.get("tls.shutdown.no_handshake").counters()).extracting(Counter::count)
			.hasSize(TlsShutdownNoHandshakeReason.values().length)
			.containsOnly(0.0);
		assertThat(keys("tls.shutdown.no_handshake")).containsExactly(Set.of("reason", "connector"));
		for (TlsShutdownNoHandshakeReason reason : TlsShutdownNoHandshakeReason.values()) {
			this.metrics.onShutdown(TlsShutdownEvent
				.builder(this.connector.getName(), TlsShutdownPolicy.BIDIRECTIONAL, TlsShutdownOutcome.NO_HANDSHAKE)
				.noHandshakeReason(reason)
				.build());
		}
		assertThat(this.registry.get("tls.shutdown.no_handshake").counters()).extracting(Counter::count)
			.containsOnly(1.0);
		assertThat(this.registry.get("tls.shutdown.no_handshake").tag("reason", "plain_http").counters()).hasSize(1);
	}

	@Test
	void registryIsNotAskedForBeforeAConnectorStarts() {
		TlsShutdownMetrics metrics = new TlsShutdownMetrics(() -> {
			throw new IllegalStateException("Too early");
		}, new DefaultTlsShutdownTagsConvention());
		metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
		metrics.onConnectorStopped(this.connector);
	}

	@Test
	void everyRegistryOfACompositeIsServedWithItsOwnFilters() {
		SimpleMeterRegistry tagged = new SimpleMeterRegistry();
		tagged.config().commonTags("application", "shop");
		SimpleMeterRegistry denying = new SimpleMeterRegistry();
		denying.config().meterFilter(MeterFilter.denyNameStartsWith("tls.shutdown"));
		CompositeMeterRegistry composite = new CompositeMeterRegistry();
		List.of(this.registry, tagged, denying).forEach(composite::add);
		TlsShutdownMetrics metrics = new TlsShutdownMetrics(() -> composite, new DefaultTlsShutdownTagsConvention());
		metrics.onConnectorStarted(this.connector);
		metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
		assertThat(this.registry.get("tls.shutdown").tags("outcome", "sent", "protocol", "TLSv1.3").timer().count())
			.isOne();
		assertThat(tagged.get("tls.shutdown")
			.tags("outcome", "sent", "protocol", "TLSv1.3", "application", "shop")
			.timer()
			.count()).isOne();
		assertThat(tagged.get("tls.shutdown.pending").tags("application", "shop").gauges()).hasSize(1);
		assertThat(denying.getMeters()).isEmpty();
		metrics.onConnectorStopped(this.connector);
		for (MeterRegistry registry : List.of(this.registry, tagged, composite)) {
			assertThat(registry.find("tls.shutdown.pending").meters()).isEmpty();
			assertThat(registry.find("tls.shutdown").meters()).isNotEmpty();
		}
	}

	@Test
	void conventionDecidesTheTags() {
		TlsShutdownTagsConvention convention = new TlsShutdownTagsConvention() {

			@Override
			public Tags getTags(TlsShutdownEvent event) {
				return Tags.of("how", event.outcome().name());
			}

			@Override
			public Tags getConnectorTags(TlsShutdownConnector connector) {
				return Tags.of("port", String.valueOf(connector.getPort()));
			}

		};
		TlsShutdownMetrics metrics = new TlsShutdownMetrics(() -> this.registry, convention);
		metrics.onConnectorStarted(this.connector);
		metrics.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
		assertThat(keys("tls.shutdown")).containsExactly(Set.of("how"));
		assertThat(this.registry.get("tls.shutdown").tags("how", "SENT").timer().count()).isOne();
		assertThat(this.registry.get("tls.shutdown.pending").tags("port", "8443").gauges()).hasSize(1);
		assertThat(this.registry.get("tls.shutdown.pending.limit").tags("port", "8443").gauges()).hasSize(1);
		assertThat(this.registry.get("tls.shutdown.discarded").tags("port", "8443").counters()).hasSize(1);
	}

	private void start(TlsShutdownPolicy policy) {
		this.connector.setSettings(this.connector.getSettings().withMaxPending(10_000));
		setPolicy(policy);
		this.metrics.onConnectorStarted(this.connector);
	}

	private Map<String, Double> policies() {
		return this.registry.get("tls.shutdown.policy")
			.gauges()
			.stream()
			.collect(Collectors.toMap((gauge) -> gauge.getId().getTag("policy"), Gauge::value));
	}

	private void setPolicy(TlsShutdownPolicy policy) {
		this.connector.setSettings(this.connector.getSettings().withPolicy(policy));
	}

	private WeakReference<TlsShutdownConnector> startAndStop() {
		FakeConnector connector = new FakeConnector(9443);
		this.metrics.onConnectorStarted(connector);
		this.metrics.onConnectorStopped(connector);
		return new WeakReference<>(connector);
	}

	private void assertStartsWithZero(String policy) {
		Collection<Timer> timers = this.registry.get("tls.shutdown").timers();
		assertThat(timers).allSatisfy((timer) -> {
			assertThat(timer.count()).isZero();
			assertThat(timer.getId().getTag("policy")).isEqualTo(policy);
			assertThat(timer.getId().getTag("connector")).isEqualTo("https-jsse-nio-8443");
		});
		// Both TLS versions of each, except where there is none
		assertThat(timers).hasSize(2 * timers().size() - 2);
		assertThat(timers).filteredOn((timer) -> "no_handshake".equals(timer.getId().getTag("outcome")))
			.extracting((timer) -> timer.getId().getTag("protocol"))
			.containsOnly("unknown");
		assertThat(timers).filteredOn((timer) -> !"no_handshake".equals(timer.getId().getTag("outcome")))
			.extracting((timer) -> timer.getId().getTag("protocol"))
			.containsOnly("TLSv1.2", "TLSv1.3");
		assertThat(this.registry.get("tls.shutdown.discarded").counter().count()).isZero();
	}

	private Set<String> timers() {
		return this.registry.get("tls.shutdown")
			.timers()
			.stream()
			.map((timer) -> timer.getId().getTag("outcome") + " " + timer.getId().getTag("initiator"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private Set<Set<String>> keys(String name) {
		return this.registry.get(name)
			.meters()
			.stream()
			.map(Meter::getId)
			.map((id) -> id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet()))
			.collect(Collectors.toSet());
	}

	private long total() {
		return this.registry.get("tls.shutdown").timers().stream().mapToLong(Timer::count).sum();
	}

	private double gauge(String name) {
		return this.registry.get(name).tags("connector", "https-jsse-nio-8443").gauge().value();
	}

}
