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

import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A registry that is not ready when a connector starts leaves no gap but that.
 */
class FailedStartTests {

	@Test
	void connectionsAreMeteredAfterTheRegistryFailedAtTheStart() {
		MeterRegistry registry = new SimpleMeterRegistry();
		AtomicInteger asked = new AtomicInteger();
		TlsShutdownMetrics metrics = new TlsShutdownMetrics(() -> {
			if (asked.incrementAndGet() == 1) {
				throw new IllegalStateException("thrown by the test");
			}
			return registry;
		}, new DefaultTlsShutdownTagsConvention());
		FakeConnector connector = new FakeConnector(8443);
		connector.setPending(3);
		assertThatIllegalStateException().isThrownBy(() -> metrics.onConnectorStarted(connector));
		metrics.onShutdown(TestEvents.event(connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
		assertThat(registry.get("tls.shutdown").tag("outcome", "sent").timers()).extracting(Timer::count).contains(1L);
		assertThat(registry.get("tls.shutdown.pending").gauge().value()).isEqualTo(3);
		metrics.onConnectorStopped(connector);
		assertThat(registry.find("tls.shutdown.pending").gauge()).isNull();
	}

}
