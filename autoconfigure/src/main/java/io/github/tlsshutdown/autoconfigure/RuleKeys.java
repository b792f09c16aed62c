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

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The keys of a rule. An unknown key would be ignored, and the rule would apply to
 * connections that the missing criterion was meant to exclude.
 * <p>
 * Spring Boot's own check of unbound elements is too strict: it rejects lists of rules
 * that another file replaces, and environment variables with an underscore for a hyphen.
 */
final class RuleKeys {

	private static final ConfigurationPropertyName RULES = ConfigurationPropertyName.of("tls.shutdown.rules");

	private static final int INDEX = RULES.getNumberOfElements();

	private static final List<String> KEYS = List.of("remote-address", "server-name", "protocol",
			"application-protocol", "local-port", "policy", "linger", "timeout");

	private RuleKeys() {
	}

	/**
	 * Return a description of the allowed keys.
	 * @return a noun phrase
	 */
	static String allowed() {
		return "one of the keys " + String.join(", ", KEYS);
	}

	/**
	 * Reject unknown keys.
	 * @param sources the sources of properties
	 * @throws InvalidConfigurationPropertyValueException if there is an unknown key
	 */
	static void requireKnown(Iterable<ConfigurationPropertySource> sources) {
		for (ConfigurationPropertySource source : sources) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
				for (ConfigurationPropertyName name : iterable) {
					if (RULES.isAncestorOf(name)) {
						require(name, source, variables);
					}
				}
			}
		}
	}

	private static void require(ConfigurationPropertyName name, ConfigurationPropertySource source, boolean variables) {
		if (!name.isNumericIndex(INDEX)) {
			throw invalid(name, source,
					"must be an element of a list, such as " + RULES + "[0]." + name.getElement(INDEX, Form.ORIGINAL));
		}
		int end = name.isLastElementIndexed() ? name.getNumberOfElements() - 1 : name.getNumberOfElements();
		StringBuilder key = new StringBuilder();
		for (int i = INDEX + 1; i < end; i++) {
			// An underscore can stand for a hyphen, and hyphens are ignored
			key.append((variables || i == INDEX + 1) ? "" : ".").append(name.getElement(i, Form.UNIFORM));
		}
		if (end > INDEX + 1 && !isKnown(key.toString())) {
			throw invalid(name, source, "must be " + allowed());
		}
	}

	private static boolean isKnown(String uniformKey) {
		return KEYS.stream().anyMatch((key) -> key.replace("-", "").equals(uniformKey));
	}

	private static InvalidConfigurationPropertyValueException invalid(ConfigurationPropertyName name,
			ConfigurationPropertySource source, String reason) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return new InvalidConfigurationPropertyValueException(name.toString(),
				(property != null) ? property.getValue() : null, reason);
	}

}
