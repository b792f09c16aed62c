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

import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServerFactory;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.tomcat.TlsShutdownConnectorCustomizer;
import io.github.tlsshutdown.tomcat.TlsShutdownProtocolCustomizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownAutoConfiguration}: which beans there are.
 */
class TlsShutdownAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TlsShutdownAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner reactiveContextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TlsShutdownAutoConfiguration.class));

	@Test
	void autoConfigurationIsFoundBySpringBoot() {
		assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
			.contains(TlsShutdownAutoConfiguration.class.getName());
	}

	@Test
	void beansWhenServletApplicationArePresent() {
		this.contextRunner.run(TlsShutdownAutoConfigurationTests::assertPresent);
	}

	@Test
	void beansWhenReactiveApplicationArePresent() {
		this.reactiveContextRunner.run(TlsShutdownAutoConfigurationTests::assertPresent);
	}

	@Test
	void beansWhenNotAWebApplicationAreAbsent() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TlsShutdownAutoConfiguration.class))
			.run(TlsShutdownAutoConfigurationTests::assertAbsent);
	}

	@Test
	void beansWhenTomcatIsAbsentAreAbsent() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Tomcat.class))
			.run(TlsShutdownAutoConfigurationTests::assertAbsent);
	}

	@Test
	void beansWhenModuleForTomcatIsAbsentAreAbsent() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(TomcatWebServerFactory.class))
			.run(TlsShutdownAutoConfigurationTests::assertAbsent);
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "FALSE", "off", "no" })
	void beansWhenDisabledAreAbsent(String enabled) {
		this.contextRunner.withPropertyValues("tls.shutdown.enabled=" + enabled)
			.run(TlsShutdownAutoConfigurationTests::assertAbsent);
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "TRUE", "on", "yes" })
	void beansWhenEnabledArePresent(String enabled) {
		this.contextRunner.withPropertyValues("tls.shutdown.enabled=" + enabled)
			.run(TlsShutdownAutoConfigurationTests::assertPresent);
	}

	@Test
	void settingsWhenNothingIsSetAreTheDefaults() {
		this.contextRunner.run((context) -> assertThat(context.getBean(TlsShutdownSettings.class))
			.isEqualTo(TlsShutdownSettings.DEFAULTS));
	}

	@Test
	void settingsWhenPropertiesAreSetAreThose() {
		this.contextRunner
			.withPropertyValues("tls.shutdown.policy=quiet", "tls.shutdown.timeout=1s", "tls.shutdown.max-wait=2s",
					"tls.shutdown.max-pending=3", "tls.shutdown.max-discard=4B")
			.run((context) -> assertThat(context.getBean(TlsShutdownSettings.class))
				.isEqualTo(TlsShutdownSettings.builder()
					.policy(TlsShutdownPolicy.QUIET)
					.timeout(Duration.ofSeconds(1))
					.maxWait(Duration.ofSeconds(2))
					.maxPending(3)
					.maxDiscard(4)
					.build()));
	}

	@Test
	void settingsWhenUserHasThemAreTheUsers() {
		TlsShutdownSettings settings = TlsShutdownSettings.DEFAULTS.withPolicy(TlsShutdownPolicy.QUIET);
		this.contextRunner.withBean("mine", TlsShutdownSettings.class, () -> settings)
			.withPropertyValues("tls.shutdown.policy=bidirectional")
			.run((context) -> {
				assertThat(context).hasSingleBean(TlsShutdownSettings.class);
				assertThat(context.getBean(TlsShutdownSettings.class)).isSameAs(settings);
			});
	}

	@Test
	void connectorCustomizerWhenUserHasOneIsTheUsers() {
		TlsShutdownConnectorCustomizer customizer = new TlsShutdownConnectorCustomizer(
				ConnectorSetup.of(TlsShutdownSettings.DEFAULTS));
		this.contextRunner.withBean("mine", TlsShutdownConnectorCustomizer.class, () -> customizer).run((context) -> {
			assertThat(context).hasSingleBean(TlsShutdownConnectorCustomizer.class);
			assertThat(context.getBean(TlsShutdownConnectorCustomizer.class)).isSameAs(customizer);
		});
	}

	@Test
	void protocolCustomizerWhenUserHasOneIsTheUsers() {
		TlsShutdownProtocolCustomizer customizer = new TlsShutdownProtocolCustomizer(
				new TlsShutdownConnectorCustomizer(ConnectorSetup.of(TlsShutdownSettings.DEFAULTS)));
		this.contextRunner.withBean("mine", TlsShutdownProtocolCustomizer.class, () -> customizer).run((context) -> {
			assertThat(context).hasSingleBean(TlsShutdownProtocolCustomizer.class);
			assertThat(context.getBean(TlsShutdownProtocolCustomizer.class)).isSameAs(customizer);
		});
	}

	private static void assertPresent(ApplicationContextAssertProvider<?> context) {
		assertThat(context).hasNotFailed()
			.hasSingleBean(TlsShutdownSettings.class)
			.hasSingleBean(TlsShutdownProperties.class)
			.hasSingleBean(TlsShutdownProtocolCustomizer.class)
			.hasSingleBean(TlsShutdownConnectorCustomizer.class);
	}

	private static void assertAbsent(ApplicationContextAssertProvider<?> context) {
		assertThat(context).hasNotFailed()
			.doesNotHaveBean(TlsShutdownAutoConfiguration.class)
			.doesNotHaveBean(TlsShutdownSettings.class)
			.doesNotHaveBean(TlsShutdownProperties.class)
			.doesNotHaveBean(TlsShutdownProtocolCustomizer.class)
			.doesNotHaveBean(TlsShutdownConnectorCustomizer.class);
	}

}
