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

package io.github.tlsshutdown;

import java.time.Duration;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Defines how connections that meet a condition end. Immutable. Later versions may add
 * properties.
 *
 * @since 0.1.0
 * @see TlsShutdownSettings
 */
public final class TlsShutdownRule {

	private final Predicate<TlsShutdownConnection> condition;

	private final TlsShutdownPolicy policy;

	private final @Nullable Duration timeout;

	private final @Nullable Boolean linger;

	private final String name;

	TlsShutdownRule(TlsShutdownRuleBuilder builder) {
		this.condition = builder.condition;
		this.policy = builder.policy;
		this.timeout = builder.timeout;
		this.linger = builder.linger;
		this.name = builder.name;
	}

	/**
	 * Return a builder for a rule.
	 * @param condition whether the rule applies to a connection; called by many threads
	 * @param policy how it ends
	 * @return a builder for the rest
	 */
	public static TlsShutdownRuleBuilder builder(Predicate<TlsShutdownConnection> condition, TlsShutdownPolicy policy) {
		return new TlsShutdownRuleBuilder(condition, policy);
	}

	/**
	 * Return the condition that a connection has to meet.
	 * @return the condition
	 */
	public Predicate<TlsShutdownConnection> condition() {
		return this.condition;
	}

	/**
	 * Return how the connections end.
	 * @return the policy
	 */
	public TlsShutdownPolicy policy() {
		return this.policy;
	}

	/**
	 * Return the time without progress after which a connection is closed.
	 * @return the timeout, or {@code null} for the connector's
	 */
	public @Nullable Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return whether the connections linger.
	 * @return whether they do, or {@code null} for the connector's setting
	 * @see TlsShutdownSettings#linger()
	 */
	public @Nullable Boolean linger() {
		return this.linger;
	}

	/**
	 * Return the name of this rule in logs, events and the endpoint.
	 * @return the name, such as {@code rules[0]}
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Apply this rule to a connector's settings.
	 * @param settings the connector's settings
	 * @return the settings for a connection that meets the condition; the timeout is at
	 * most the connector's max-wait
	 */
	public TlsShutdownSettings apply(TlsShutdownSettings settings) {
		TlsShutdownSettingsBuilder applied = settings.toBuilder().policy(this.policy);
		Duration timeout = this.timeout;
		if (timeout != null) {
			applied.timeout((timeout.compareTo(settings.maxWait()) <= 0) ? timeout : settings.maxWait());
		}
		Boolean linger = this.linger;
		if (linger != null) {
			applied.linger(linger);
		}
		return applied.build();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
