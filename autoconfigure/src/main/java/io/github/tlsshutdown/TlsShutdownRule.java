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
 * Says how the connections end that meet a condition.
 *
 * @param condition whether a connection is meant; called by many threads
 * @param policy how it ends
 * @param timeout how long its peer may make no progress, or {@code null} for the
 * connector's timeout
 * @since 0.1.0
 * @see TlsShutdownSettings
 */
public record TlsShutdownRule(Predicate<TlsShutdownConnection> condition, TlsShutdownPolicy policy,
		@Nullable Duration timeout) {

	public TlsShutdownRule {
		Objects.requireNonNull(condition, "'condition' must not be null");
		Objects.requireNonNull(policy, "'policy' must not be null");
	}

	/**
	 * Return what this rule makes of a connector's settings.
	 * @param settings the connector's settings
	 * @return the settings for a connection that is meant; its timeout is at most the
	 * connector's max-wait
	 */
	public TlsShutdownSettings apply(TlsShutdownSettings settings) {
		TlsShutdownSettings applied = settings.withPolicy(this.policy);
		Duration timeout = this.timeout;
		if (timeout == null) {
			return applied;
		}
		return applied.withTimeout((timeout.compareTo(settings.maxWait()) <= 0) ? timeout : settings.maxWait());
	}

}
