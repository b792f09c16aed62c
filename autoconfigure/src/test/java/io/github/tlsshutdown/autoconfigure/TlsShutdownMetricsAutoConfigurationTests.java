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

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.metrics.DefaultTlsShutdownTagsConvention;
import io.github.tlsshutdown.metrics.TlsShutdownMetrics;
import io.github.tlsshutdown.metrics.TlsShutdownTagsConvention;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownMetricsAutoConfiguration}.
 */
class TlsShutdownMetricsAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(TlsShutdownAutoConfiguration.class, TlsShutdownMetricsAutoConfiguration.class));

	private final WebApplicationContextRunner bootRunner = this.contextRunner
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@Test
	void metersWhenRegistryIsPresent() {
		this.contextRunner.withBean(SimpleMeterRegistry.class).run((context) -> {
			assertThat(context).hasSingleBean(TlsShutdownMetrics.class);
			assertThat(context).hasSingleBean(DefaultTlsShutdownTagsConvention.class);
			FakeConnector connector = new FakeConnector(8443);
			TlsShutdownMetrics metrics = context.getBean(TlsShutdownMetrics.class);
			metrics.onConnectorStarted(connector);
			metrics.onShutdown(TestEvents.event(connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
			assertThat(
					context.getBean(MeterRegistry.class).get("tls.shutdown").timers().stream().mapToLong(Timer::count))
				.containsOnlyOnce(1L)
				.containsOnly(0L, 1L);
		});
	}

	@Test
	void metersWhenRegistryIsAutoConfigured() {
		this.bootRunner.run((context) -> assertThat(context).hasSingleBean(TlsShutdownMetrics.class));
	}

	@Test
	void metersWhenThereAreSeveralRegistries() {
		this.bootRunner.withUserConfiguration(TwoRegistries.class).run((context) -> {
			FakeConnector connector = new FakeConnector(8443);
			context.getBean(TlsShutdownMetrics.class).onConnectorStarted(connector);
			assertThat(context.getBeansOfType(SimpleMeterRegistry.class)).hasSize(2)
				.allSatisfy((name, registry) -> assertThat(registry.get("tls.shutdown.pending").gauges()).hasSize(1));
		});
	}

	@Test
	void noMetersWhenThereIsNoRegistry() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(TlsShutdownMetrics.class);
			assertThat(context).doesNotHaveBean(TlsShutdownTagsConvention.class);
		});
	}

	@Test
	void noMetersWhenMicrometerIsAbsent() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TlsShutdownMetricsAutoConfiguration.class));
	}

	@Test
	void noMetersWhenDisabled() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("tls.shutdown.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TlsShutdownMetrics.class));
	}

	@Test
	void noMetersWhenThereIsNoWebApplication() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TlsShutdownAutoConfiguration.class,
					TlsShutdownMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TlsShutdownMetrics.class));
	}

	@Test
	void conventionWhenUserHasOneBacksOff() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withUserConfiguration(CustomConvention.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(TlsShutdownTagsConvention.class)
					.doesNotHaveBean(DefaultTlsShutdownTagsConvention.class);
				context.getBean(TlsShutdownMetrics.class).onConnectorStarted(new FakeConnector(8443));
				assertThat(context.getBean(MeterRegistry.class).get("tls.shutdown").timers()).hasSize(1)
					.allSatisfy((timer) -> assertThat(timer.getId().getTag("custom")).isEqualTo("yes"));
			});
	}

	@Test
	void metersWhenUserHasThemBackOff() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withBean("userMetrics", TlsShutdownMetrics.class,
					() -> new TlsShutdownMetrics(SimpleMeterRegistry::new, new DefaultTlsShutdownTagsConvention()))
			.run((context) -> assertThat(context).getBeanNames(TlsShutdownMetrics.class)
				.containsExactly("userMetrics"));
	}

	@Test
	void registryIsNotCreatedBeforeAConnectorStarts() {
		this.contextRunner.withUserConfiguration(LazyRegistry.class).run((context) -> {
			assertThat(context).hasSingleBean(TlsShutdownMetrics.class);
			assertThat(context.getBeanFactory().containsSingleton("lazyRegistry")).isFalse();
			context.getBean(TlsShutdownMetrics.class).onConnectorStarted(new FakeConnector(8443));
			assertThat(context.getBeanFactory().containsSingleton("lazyRegistry")).isTrue();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoRegistries {

		@Bean
		SimpleMeterRegistry first() {
			return new SimpleMeterRegistry();
		}

		@Bean
		SimpleMeterRegistry second() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyRegistry {

		@Bean
		@Lazy
		SimpleMeterRegistry lazyRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomConvention {

		@Bean
		TlsShutdownTagsConvention customConvention() {
			return new TlsShutdownTagsConvention() {

				@Override
				public Tags getTags(TlsShutdownEvent event) {
					return Tags.of("custom", "yes");
				}

				@Override
				public Tags getConnectorTags(TlsShutdownConnector connector) {
					return Tags.of("custom", "yes");
				}

			};
		}

	}

}
