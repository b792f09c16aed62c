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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.annotation.Order;

/**
 * Reports the allowed values when a property is set to a value of another type, such as
 * {@code tls.shutdown.timeout=abc}. Runs before Spring Boot's analyzer, which only
 * reports that the value could not be converted.
 */
@Order(0)
class UnreadablePropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("tls.shutdown");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (cause.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
			// RuleKeys reports values of known keys of a rule
			return unbound.getUnboundProperties()
				.stream()
				.filter((property) -> PREFIX.isAncestorOf(property.getName()))
				.findFirst()
				.map((property) -> new FailureAnalysis(describe(property),
						"Use " + RuleKeys.allowed() + " in a rule, or remove the property.", cause))
				.orElse(null);
		}
		ConfigurationProperty property = cause.getProperty();
		if (property == null || !PREFIX.isAncestorOf(property.getName())) {
			return null;
		}
		String allowed = AllowedValues.of(property.getName().getLastElement(Form.DASHED));
		return (allowed != null) ? new FailureAnalysis(describe(property),
				"Set the property to " + allowed + ", or remove it to use the default.", cause) : null;
	}

	// In the words of Spring Boot's message for values that are out of range
	private static String describe(ConfigurationProperty property) {
		Origin origin = property.getOrigin();
		return "Invalid value '" + property.getValue() + "' for configuration property '" + property.getName() + "'"
				+ ((origin != null) ? " (originating from '" + origin + "')" : "") + ".";
	}

}
