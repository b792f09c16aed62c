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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

import io.github.tlsshutdown.InvalidTlsShutdownSettingException;
import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Creates rules from properties, and rejects those that make no sense.
 */
final class RulesMapper {

	private static final String PREFIX = "tls.shutdown.";

	private final TlsShutdownSettings settings;

	private final Environment environment;

	private final Binder binder;

	RulesMapper(TlsShutdownSettings settings, Environment environment) {
		this.settings = settings;
		this.environment = environment;
		this.binder = Binder.get(environment);
	}

	List<TlsShutdownRule> map(List<TlsShutdownProperties.Rule> rules) {
		RuleKeys.requireKnown(ConfigurationPropertySources.get(this.environment));
		List<TlsShutdownRule> mapped = new ArrayList<>();
		for (int i = 0; i < rules.size(); i++) {
			mapped.add(new RuleMapper(PREFIX + "rules[" + i + "]", rules.get(i)).map());
		}
		return mapped;
	}

	/**
	 * Creates one rule.
	 */
	private final class RuleMapper {

		private final String name;

		private final TlsShutdownProperties.Rule rule;

		private final List<Predicate<TlsShutdownConnection>> criteria = new ArrayList<>();

		RuleMapper(String name, TlsShutdownProperties.Rule rule) {
			this.name = name;
			this.rule = rule;
		}

		TlsShutdownRule map() {
			criterion("remote-address", this.rule.getRemoteAddress(), RuleCriteria::remoteAddress);
			criterion("server-name", this.rule.getServerName(), RuleCriteria::serverName);
			criterion("protocol", this.rule.getProtocol(), RuleCriteria::protocol);
			criterion("application-protocol", this.rule.getApplicationProtocol(), RuleCriteria::applicationProtocol);
			criterion("local-port", this.rule.getLocalPort(), RuleCriteria::localPort);
			Predicate<TlsShutdownConnection> condition = this.criteria.stream()
				.reduce(Predicate::and)
				.orElseThrow(() -> new InvalidConfigurationPropertyValueException(this.name, null,
						"must have at least one of remote-address, server-name, protocol, application-protocol and"
								+ " local-port; for all connections, set tls.shutdown.policy"));
			return TlsShutdownRule.builder(condition, policy())
				.timeout(timeout())
				.linger(this.rule.getLinger())
				.name(this.name.substring(PREFIX.length()))
				.build();
		}

		private TlsShutdownPolicy policy() {
			TlsShutdownPolicy policy = this.rule.getPolicy();
			if (policy == null) {
				throw invalid("policy", null, "must be " + AllowedValues.of("policy"));
			}
			return policy;
		}

		private @Nullable Duration timeout() {
			Duration timeout = this.rule.getTimeout();
			if (timeout != null) {
				try {
					RulesMapper.this.settings.withTimeout(timeout);
				}
				catch (InvalidTlsShutdownSettingException ex) {
					String typed = RulesMapper.this.binder.bind(this.name + ".timeout", String.class)
						.orElseGet(timeout::toString);
					throw invalid("timeout", typed,
							"must be " + AllowedValues.of("timeout") + ", and not longer than max-wait");
				}
				new ShortDurations(RulesMapper.this.binder).check(this.name + ".timeout", timeout);
			}
			return timeout;
		}

		private <T> void criterion(String criterion, @Nullable List<T> values,
				Function<T, Predicate<TlsShutdownConnection>> mapper) {
			if (values == null) {
				return;
			}
			this.criteria.add(values.stream()
				.map((value) -> map(criterion, value, mapper))
				.reduce(Predicate::or)
				.orElseThrow(() -> invalid(criterion, null, "must not be empty")));
		}

		private <T> Predicate<TlsShutdownConnection> map(String criterion, T value,
				Function<T, Predicate<TlsShutdownConnection>> mapper) {
			try {
				return mapper.apply(value);
			}
			catch (IllegalArgumentException ex) {
				throw invalid(criterion, value, ex.getMessage());
			}
		}

		private InvalidConfigurationPropertyValueException invalid(String property, @Nullable Object value,
				@Nullable String reason) {
			return new InvalidConfigurationPropertyValueException(this.name + "." + property, value, reason);
		}

	}

}
