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

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

import org.apache.catalina.util.NetMask;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.PatternMatchUtils;

import io.github.tlsshutdown.InvalidTlsShutdownSettingException;
import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Makes rules of properties, and refuses those that could not mean anything.
 */
final class RulesMapper {

	private static final String PREFIX = "tls.shutdown.";

	private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

	/** What Tomcat speaks where nothing was negotiated. */
	private static final String HTTP_1_1 = "http/1.1";

	private final TlsShutdownSettings settings;

	private final Binder binder;

	RulesMapper(TlsShutdownSettings settings, Binder binder) {
		this.settings = settings;
		this.binder = binder;
	}

	List<TlsShutdownRule> map(List<TlsShutdownProperties.Rule> rules) {
		List<TlsShutdownRule> mapped = new ArrayList<>();
		for (int i = 0; i < rules.size(); i++) {
			mapped.add(new RuleMapper(PREFIX + "rules[" + i + "]", rules.get(i)).map());
		}
		return mapped;
	}

	/**
	 * Makes one rule.
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
			criterion("remote-address", this.rule.getRemoteAddress(), this::remoteAddress);
			criterion("server-name", this.rule.getServerName(), this::serverName);
			criterion("protocol", this.rule.getProtocol(), this::protocol);
			criterion("application-protocol", this.rule.getApplicationProtocol(), this::applicationProtocol);
			criterion("local-port", this.rule.getLocalPort(), this::localPort);
			Predicate<TlsShutdownConnection> condition = this.criteria.stream()
				.reduce(Predicate::and)
				.orElseThrow(() -> new InvalidConfigurationPropertyValueException(this.name, null,
						"must have at least one of remote-address, server-name, protocol, application-protocol and"
								+ " local-port: a rule for every connection is tls.shutdown.policy"));
			return TlsShutdownRule.builder(condition, policy())
				.timeout(timeout())
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
			}
			return timeout;
		}

		private <T> void criterion(String criterion, @Nullable List<T> values,
				Function<T, Predicate<TlsShutdownConnection>> mapper) {
			if (values == null) {
				return;
			}
			this.criteria.add(values.stream()
				.map(mapper)
				.reduce(Predicate::or)
				.orElseThrow(() -> invalid(criterion, null, "must not be empty")));
		}

		private Predicate<TlsShutdownConnection> remoteAddress(String value) {
			NetMask mask = netMask(value);
			return (connection) -> {
				InetSocketAddress remote = connection.getRemoteAddress();
				return remote != null && mask.matches(remote.getAddress());
			};
		}

		private NetMask netMask(String value) {
			// A name, even one of hexadecimal digits, would be looked up; and a port is
			// nothing to tell clients apart by
			if (value.matches("([0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F.:]*)(/[0-9]+)?")) {
				try {
					return new NetMask(value);
				}
				catch (IllegalArgumentException ex) {
					throw invalid("remote-address", value, ex.getMessage());
				}
			}
			throw invalid("remote-address", value, "must be an IP address, or a block such as 10.0.0.0/8 or fd00::/8");
		}

		private Predicate<TlsShutdownConnection> serverName(String value) {
			if (value.isBlank()) {
				throw invalid("server-name", value, "must be a host name such as www.example.com or *.example.com");
			}
			String pattern = value.toLowerCase(Locale.ROOT);
			return (connection) -> {
				String serverName = connection.getServerName();
				return serverName != null
						&& PatternMatchUtils.simpleMatch(pattern, serverName.toLowerCase(Locale.ROOT));
			};
		}

		private Predicate<TlsShutdownConnection> protocol(String value) {
			if (PROTOCOLS.stream().noneMatch(value::equalsIgnoreCase)) {
				throw invalid("protocol", value, "must be one of " + String.join(", ", PROTOCOLS));
			}
			return (connection) -> value.equalsIgnoreCase(connection.getProtocol());
		}

		private Predicate<TlsShutdownConnection> applicationProtocol(String value) {
			if (value.isBlank()) {
				throw invalid("application-protocol", value, "must be a protocol such as h2 or http/1.1");
			}
			return (connection) -> {
				String protocol = connection.getApplicationProtocol();
				return value.equals((protocol != null) ? protocol : HTTP_1_1);
			};
		}

		private Predicate<TlsShutdownConnection> localPort(Integer value) {
			if (value < 1 || value > 65535) {
				throw invalid("local-port", value, "must be at least 1 and at most 65535");
			}
			return (connection) -> value == connection.getLocalPort();
		}

		private InvalidConfigurationPropertyValueException invalid(String property, @Nullable Object value,
				@Nullable String reason) {
			return new InvalidConfigurationPropertyValueException(this.name + "." + property, value, reason);
		}

	}

}
