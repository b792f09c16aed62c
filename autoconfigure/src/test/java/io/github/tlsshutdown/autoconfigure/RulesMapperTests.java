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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RulesMapper}: keys of rules, wherever they come from and however they
 * are spelt.
 */
class RulesMapperTests {

	private static final String KEYS = "remote-address, server-name, protocol, application-protocol, local-port,"
			+ " policy, linger, timeout";

	private final ConfigurableEnvironment environment = new StandardEnvironment();

	RulesMapperTests() {
		this.environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		this.environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
	}

	@ParameterizedTest
	@ValueSource(strings = { "remote-address", "remoteAddress", "remote_address", "REMOTE-ADDRESS" })
	void keyOfFileMayBeSpeltInAnyWay(String key) {
		file("tls.shutdown.rules[0]." + key, "10.0.0.0/8", "tls.shutdown.rules[0].policy", "quiet");
		assertThat(map()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "REMOTEADDRESS", "REMOTE_ADDRESS", "REMOTEADDRESS_0", "REMOTE_ADDRESS_0" })
	void keyOfEnvironmentMayBeSpeltInAnyWay(String key) {
		variables("TLS_SHUTDOWN_RULES_0_" + key, "10.0.0.0/8", "TLS_SHUTDOWN_RULES_0_POLICY", "quiet");
		assertThat(map()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "remote-adress, remote-adress", "remote-adress[0], remote-adress[0]", "remote.address, remote.address",
			"policy.name, policy.name", "port, port" })
	void keyOfFileThatIsUnknownIsRefused(String key, String shown) {
		file("tls.shutdown.rules[0].local-port", "443", "tls.shutdown.rules[0].policy", "quiet",
				"tls.shutdown.rules[0]." + key, "10.0.0.1");
		assertRefused("tls.shutdown.rules[0]." + shown, "10.0.0.1");
	}

	@ParameterizedTest
	@CsvSource({ "REMOTEADRESS, remoteadress", "REMOTE_ADRESS, remote.adress", "REMOTE_ADRESS_0, remote.adress[0]",
			"PORT, port" })
	void keyOfEnvironmentThatIsUnknownIsRefused(String key, String shown) {
		variables("TLS_SHUTDOWN_RULES_0_LOCALPORT", "443", "TLS_SHUTDOWN_RULES_0_POLICY", "quiet",
				"TLS_SHUTDOWN_RULES_0_" + key, "10.0.0.1");
		assertRefused("tls.shutdown.rules[0]." + shown, "10.0.0.1");
	}

	@Test
	void ruleWithoutIndexIsRefused() {
		file("tls.shutdown.rules.local-port", "443", "tls.shutdown.rules.policy", "quiet");
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(this::map)
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("tls.shutdown.rules.local-port"))
			.satisfies((ex) -> assertThat(ex.getReason())
				.isEqualTo("must be an element of a list, such as tls.shutdown.rules[0].local-port"));
	}

	@Test
	void rulesThatAreOverriddenNeedNotBeBound() {
		file("tls.shutdown.rules[0].local-port", "443", "tls.shutdown.rules[0].policy", "quiet");
		fileBelow("tls.shutdown.rules[0].remote-address[0]", "10.0.0.0/8", "tls.shutdown.rules[0].remote-address[1]",
				"fd00::/8", "tls.shutdown.rules[0].policy", "bidirectional", "tls.shutdown.rules[1].server-name[0]",
				"*.example.com", "tls.shutdown.rules[1].policy", "quiet", "tls.shutdown.rules[1].timeout", "1s");
		assertThat(map()).hasSize(1);
	}

	@Test
	void otherPropertiesAreNotLookedAt() {
		file("tls.shutdown.rules[0].local-port", "443", "tls.shutdown.rules[0].policy", "quiet", "tls.shutdown.rulez",
				"1", "rules[0].port", "1");
		assertThat(map()).hasSize(1);
	}

	private void assertRefused(String name, String value) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(this::map)
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(name))
			.satisfies((ex) -> assertThat(ex.getValue()).isEqualTo(value))
			.satisfies((ex) -> assertThat(ex.getReason()).contains(KEYS));
	}

	private List<TlsShutdownRule> map() {
		Binder binder = Binder.get(this.environment);
		TlsShutdownProperties properties = binder.bindOrCreate("tls.shutdown",
				Bindable.of(TlsShutdownProperties.class));
		return new RulesMapper(TlsShutdownSettings.DEFAULTS, this.environment).map(properties.getRules());
	}

	private void file(String... properties) {
		this.environment.getPropertySources().addFirst(new MapPropertySource("above", mapOf(properties)));
	}

	private void fileBelow(String... properties) {
		this.environment.getPropertySources().addLast(new MapPropertySource("below", mapOf(properties)));
	}

	private void variables(String... variables) {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					mapOf(variables)));
	}

	private static Map<String, Object> mapOf(String... pairs) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < pairs.length; i += 2) {
			map.put(pairs[i], pairs[i + 1]);
		}
		return map;
	}

}
