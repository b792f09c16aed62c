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

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.tlsshutdown.testsupport.FakeConnector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownHealthIndicator}.
 */
class TlsShutdownHealthIndicatorTests {

	private final TlsShutdownHealthIndicator indicator = new TlsShutdownHealthIndicator(Duration.ofSeconds(60));

	private final FakeConnector connector = new FakeConnector(8443);

	@Test
	void upWithoutConnectors() {
		assertThat(this.indicator.health()).isEqualTo(Health.up().build());
	}

	@Test
	void upWhileThereIsRoomOrForAShortTimeIsNot() {
		this.indicator.onConnectorStarted(this.connector);
		assertThat(status()).isEqualTo(Status.UP);
		this.connector.setPendingAtLimit(Duration.ofSeconds(59));
		assertThat(status()).isEqualTo(Status.UP);
	}

	@Test
	void downWhenThereIsNoRoomForAWhile() {
		this.indicator.onConnectorStarted(new FakeConnector(9443));
		this.indicator.onConnectorStarted(this.connector);
		this.connector.setPending(500);
		this.connector.setPendingAtLimit(Duration.ofSeconds(60));
		Health health = this.indicator.health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsOnlyKeys("https-jsse-nio-8443", "https-jsse-nio-9443")
			.containsEntry("https-jsse-nio-8443",
					Map.of("pending", 500, "maxPending", 0, "atLimit", Duration.ofSeconds(60)));
		this.connector.setPendingAtLimit(Duration.ZERO);
		assertThat(status()).isEqualTo(Status.UP);
	}

	@Test
	void upWhenTheConnectorHasStopped() {
		this.indicator.onConnectorStarted(this.connector);
		this.connector.setPendingAtLimit(Duration.ofSeconds(61));
		this.indicator.onConnectorStopped(this.connector);
		assertThat(status()).isEqualTo(Status.UP);
	}

	private Status status() {
		return this.indicator.health().getStatus();
	}

}
