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
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Builds a rule.
 *
 * @since 0.1.0
 */
public final class TlsShutdownRuleBuilder {

	final Predicate<TlsShutdownConnection> condition;

	final TlsShutdownPolicy policy;

	@Nullable Duration timeout;

	@Nullable Boolean linger;

	String name = "rule";

	TlsShutdownRuleBuilder(Predicate<TlsShutdownConnection> condition, TlsShutdownPolicy policy) {
		this.condition = Objects.requireNonNull(condition, "'condition' must not be null");
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
	}

	/**
	 * Set the time without progress after which a connection is closed.
	 * @param timeout the timeout, or {@code null} for the connector's
	 * @return this builder
	 */
	public TlsShutdownRuleBuilder timeout(@Nullable Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Set whether connections linger.
	 * @param linger whether they do, or {@code null} for the connector's setting
	 * @return this builder
	 * @see TlsShutdownSettings#linger()
	 */
	public TlsShutdownRuleBuilder linger(@Nullable Boolean linger) {
		this.linger = linger;
		return this;
	}

	/**
	 * Set the name of the rule in logs, events and the endpoint.
	 * @param name the name, such as {@code rules[0]}; {@code rule} if not set
	 * @return this builder
	 */
	public TlsShutdownRuleBuilder name(String name) {
		this.name = Objects.requireNonNull(name, "'name' must not be null");
		return this;
	}

	/**
	 * Return the rule.
	 * @return the rule
	 */
	public TlsShutdownRule build() {
		return new TlsShutdownRule(this);
	}

}
