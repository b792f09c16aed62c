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

package io.github.tlsshutdown.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import io.github.tlsshutdown.actuate.TlsShutdownHealthIndicator;
import io.github.tlsshutdown.testsupport.FakeConnector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownHealthContributorAutoConfiguration}.
 */
class TlsShutdownHealthContributorAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TlsShutdownAutoConfiguration.class,
				TlsShutdownHealthContributorAutoConfiguration.class));

	@Test
	void noIndicatorUnlessAskedFor() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
	}

	@Test
	void indicatorWhenAskedFor() {
		this.contextRunner.withPropertyValues("management.health.tlsshutdown.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(TlsShutdownHealthIndicator.class));
	}

	@Test
	void noIndicatorWhenDisabledOrWithoutHealth() {
		WebApplicationContextRunner enabled = this.contextRunner
			.withPropertyValues("management.health.tlsshutdown.enabled=true");
		enabled.withPropertyValues("tls.shutdown.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
		enabled.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("tlsShutdownHealthIndicator"));
	}

	@Test
	void indicatorWhenUserHasOneBacksOff() {
		this.contextRunner.withPropertyValues("management.health.tlsshutdown.enabled=true")
			.withBean("tlsShutdownHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthIndicator.class)
				.doesNotHaveBean(TlsShutdownHealthIndicator.class));
	}

	@Test
	void timeAtTheLimitIsConfigurable() {
		this.contextRunner
			.withPropertyValues("management.health.tlsshutdown.enabled=true",
					"management.health.tlsshutdown.at-limit=2s")
			.run((context) -> {
				TlsShutdownHealthIndicator indicator = context.getBean(TlsShutdownHealthIndicator.class);
				FakeConnector connector = new FakeConnector(8443);
				indicator.onConnectorStarted(connector);
				connector.setPendingAtLimit(Duration.ofSeconds(1));
				assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
				connector.setPendingAtLimit(Duration.ofSeconds(2));
				assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
			});
	}

}
