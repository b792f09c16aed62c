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

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.actuate.ChangedConnectorsDescriptor;
import io.github.tlsshutdown.actuate.ConnectorDescriptor;
import io.github.tlsshutdown.actuate.CountDescriptor;
import io.github.tlsshutdown.actuate.RecentShutdownDescriptor;
import io.github.tlsshutdown.actuate.ResolverDescriptor;
import io.github.tlsshutdown.actuate.RuleDescriptor;
import io.github.tlsshutdown.actuate.SettingsDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownEndpoint;
import io.github.tlsshutdown.actuate.TlsShutdownEndpointWebExtension;
import io.github.tlsshutdown.actuate.TlsShutdownEndpointWebExtension.ErrorDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownRecorder;
import io.github.tlsshutdown.actuate.UnreadDescriptor;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.FakeSecurityContext;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownEndpointAutoConfiguration}.
 */
class TlsShutdownEndpointAutoConfigurationTests {

	private static final AutoConfigurations autoConfigurations = AutoConfigurations.of(EndpointAutoConfiguration.class,
			TlsShutdownAutoConfiguration.class, TlsShutdownEndpointAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(autoConfigurations)
		.withPropertyValues("management.endpoints.web.exposure.include=tlsshutdown");

	@Test
	void endpointWhenExposed() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(TlsShutdownEndpoint.class)
			.hasSingleBean(TlsShutdownEndpointWebExtension.class)
			.hasSingleBean(TlsShutdownRecorder.class));
	}

	@Test
	void endpointWithoutWebExtensionWhenExposedOverJmxOnly() {
		new WebApplicationContextRunner().withConfiguration(autoConfigurations)
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=tlsshutdown")
			.run((context) -> assertThat(context).hasSingleBean(TlsShutdownEndpoint.class)
				.doesNotHaveBean(TlsShutdownEndpointWebExtension.class));
	}

	@Test
	void noEndpointAndNothingRecordedWhenNotExposed() {
		new WebApplicationContextRunner().withConfiguration(autoConfigurations)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TlsShutdownEndpoint.class)
				.doesNotHaveBean(TlsShutdownRecorder.class));
	}

	@Test
	void noEndpointWhenAccessIsNone() {
		this.contextRunner
			.withInitializer(
					(context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
			.withPropertyValues("management.endpoint.tlsshutdown.access=none")
			.run((context) -> assertThat(context).doesNotHaveBean(TlsShutdownEndpoint.class)
				.doesNotHaveBean(TlsShutdownRecorder.class));
	}

	@Test
	void noEndpointWhenDisabled() {
		this.contextRunner.withPropertyValues("tls.shutdown.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TlsShutdownEndpoint.class)
				.doesNotHaveBean(TlsShutdownRecorder.class));
	}

	@Test
	void noEndpointWhenThereIsNoWebApplication() {
		new ApplicationContextRunner().withConfiguration(autoConfigurations)
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=tlsshutdown")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TlsShutdownEndpoint.class));
	}

	@Test
	void noEndpointWhenActuatorIsAbsent() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TlsShutdownEndpointAutoConfiguration.class));
	}

	@Test
	void recorderWhenUserHasOneBacksOff() {
		this.contextRunner.withBean("userRecorder", TlsShutdownRecorder.class, () -> new TlsShutdownRecorder(1))
			.run((context) -> assertThat(context).getBeanNames(TlsShutdownRecorder.class)
				.containsExactly("userRecorder"));
	}

	@Test
	void endpointWhenUserHasOneBacksOff() {
		this.contextRunner.withBean("userEndpoint", TlsShutdownEndpoint.class,
				() -> new TlsShutdownEndpoint(new TlsShutdownRecorder(1), List.of(), Show.NEVER, (event) -> {
				}))
			.run((context) -> assertThat(context).getBeanNames(TlsShutdownEndpoint.class)
				.containsExactly("userEndpoint"));
	}

	@Test
	void webExtensionWhenUserHasOneBacksOff() {
		this.contextRunner
			.withBean("userExtension", TlsShutdownEndpointWebExtension.class, () -> new TlsShutdownEndpointWebExtension(
					new TlsShutdownEndpoint(new TlsShutdownRecorder(1), List.of(), Show.NEVER, (event) -> {
					}), Show.NEVER, Set.of()))
			.run((context) -> assertThat(context).getBeanNames(TlsShutdownEndpointWebExtension.class)
				.containsExactly("userExtension"));
	}

	@Test
	void remoteAddressesAreMaskedByDefault() {
		this.contextRunner.run((context) -> {
			recordFailures(context.getBean(TlsShutdownRecorder.class), 1);
			assertThat(context.getBean(TlsShutdownEndpoint.class)
				.tlsShutdown(null, null)
				.getRecent()
				.get(0)
				.getRemoteAddress()).isEqualTo("******");
			assertThat(remoteAddress(context.getBean(TlsShutdownEndpointWebExtension.class), "alice", "admin"))
				.isEqualTo("******");
		});
	}

	@Test
	void remoteAddressesAreShownToRoles() {
		this.contextRunner
			.withPropertyValues("management.endpoint.tlsshutdown.show-values=when-authorized",
					"management.endpoint.tlsshutdown.roles=admin")
			.run((context) -> {
				recordFailures(context.getBean(TlsShutdownRecorder.class), 1);
				TlsShutdownEndpointWebExtension extension = context.getBean(TlsShutdownEndpointWebExtension.class);
				assertThat(remoteAddress(extension, "alice", "admin")).isEqualTo("192.0.2.1:50000");
				assertThat(remoteAddress(extension, "bob", "guest")).isEqualTo("******");
			});
	}

	@Test
	void sanitizingFunctionsAreApplied() {
		this.contextRunner.withPropertyValues("management.endpoint.tlsshutdown.show-values=always")
			.withBean(SanitizingFunction.class, () -> (data) -> data.withValue("somewhere"))
			.run((context) -> {
				recordFailures(context.getBean(TlsShutdownRecorder.class), 1);
				assertThat(context.getBean(TlsShutdownEndpoint.class)
					.tlsShutdown(null, null)
					.getRecent()
					.get(0)
					.getRemoteAddress()).isEqualTo("somewhere");
			});
	}

	@Test
	void recentSizeIsTwentyByDefault() {
		this.contextRunner.run((context) -> {
			recordFailures(context.getBean(TlsShutdownRecorder.class), 150);
			assertThat(context.getBean(TlsShutdownEndpoint.class).tlsShutdown(null, null).getRecent()).hasSize(20);
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10_000 })
	void recentSizeIsConfigurable(int size) {
		this.contextRunner.withPropertyValues("management.endpoint.tlsshutdown.recent-size=" + size).run((context) -> {
			recordFailures(context.getBean(TlsShutdownRecorder.class), 10_001);
			assertThat(context.getBean(TlsShutdownEndpoint.class).tlsShutdown(null, null).getRecent()).hasSize(size);
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 10_001 })
	void recentSizeOutOfRangeStopsTheApplication(int size) {
		this.contextRunner.withPropertyValues("management.endpoint.tlsshutdown.recent-size=" + size)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContainingAll("management.endpoint.tlsshutdown.recent-size", String.valueOf(size),
						"must be at least 0 and at most 10000"));
	}

	@ParameterizedTest
	@ValueSource(classes = { TlsShutdownDescriptor.class, ConnectorDescriptor.class, CountDescriptor.class,
			RecentShutdownDescriptor.class, SettingsDescriptor.class, RuleDescriptor.class, ResolverDescriptor.class,
			UnreadDescriptor.class, ChangedConnectorsDescriptor.class, ErrorDescriptor.class })
	void nativeImagesCanWriteWhatTheEndpointReturns(Class<?> descriptor) {
		RuntimeHints hints = new RuntimeHints();
		new TlsShutdownRuntimeHints().registerHints(hints, getClass().getClassLoader());
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, TlsShutdownEndpoint.class,
				TlsShutdownEndpointWebExtension.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(descriptor)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(hints);
	}

	private static Object remoteAddress(TlsShutdownEndpointWebExtension extension, String user, String role) {
		TlsShutdownDescriptor shown = (TlsShutdownDescriptor) extension
			.tlsShutdown(new FakeSecurityContext(user, role), null, null)
			.getBody();
		return shown.getRecent().get(0).getRemoteAddress();
	}

	private static void recordFailures(TlsShutdownRecorder recorder, int count) {
		FakeConnector connector = new FakeConnector(8443);
		for (int i = 0; i < count; i++) {
			recorder.onShutdown(TestEvents.event(connector, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER));
		}
	}

}
