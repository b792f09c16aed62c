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

package io.github.tlsshutdown.actuate;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownRule;

/**
 * A rule, as {@link TlsShutdownEndpoint} shows it. Its criteria are not shown: see the
 * configuration.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "name", "policy", "linger", "timeout", "decided" })
public final class RuleDescriptor {

	private final TlsShutdownRule rule;

	private final long decided;

	RuleDescriptor(TlsShutdownRule rule, long decided) {
		this.rule = rule;
		this.decided = decided;
	}

	/**
	 * Return the rule's name.
	 * @return the name, such as {@code rules[0]}
	 */
	public String getName() {
		return this.rule.name();
	}

	/**
	 * Return the policy that the rule chooses.
	 * @return the policy, in lower case
	 */
	public String getPolicy() {
		return Values.of(this.rule.policy());
	}

	/**
	 * Return whether connections linger.
	 * @return whether they do, or {@code null} for the connector's setting
	 */
	public @Nullable Boolean getLinger() {
		return this.rule.linger();
	}

	/**
	 * Return the time without progress after which a connection is closed.
	 * @return the timeout, or {@code null} for the connector's
	 */
	public @Nullable Duration getTimeout() {
		return this.rule.timeout();
	}

	/**
	 * Return how many connections have ended by the rule.
	 * @return the number of connections
	 */
	public long getDecided() {
		return this.decided;
	}

}
