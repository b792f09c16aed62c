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

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.convert.DurationStyle;

import io.github.tlsshutdown.InvalidTlsShutdownSettingException;
import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * The change that a write request asks for.
 */
final class SettingsChange {

	private final @Nullable TlsShutdownPolicy policy;

	private final @Nullable String timeout;

	/**
	 * Create a change.
	 * @param policy the policy, or {@code null} to keep it
	 * @param timeout the timeout, or {@code null} to keep it
	 * @throws InvalidEndpointRequestException if nothing is to be changed, or there is no
	 * such policy
	 */
	SettingsChange(@Nullable String policy, @Nullable String timeout) {
		if (policy == null && timeout == null) {
			throw Values.invalid("Nothing to change: specify a policy, a timeout or both");
		}
		this.policy = (policy != null) ? Values.parse("policy", policy, TlsShutdownPolicy.values()) : null;
		this.timeout = timeout;
	}

	/**
	 * Return a connector's settings after the change, without applying it.
	 * @param connector the connector
	 * @return the settings
	 * @throws InvalidEndpointRequestException if the timeout is invalid
	 */
	TlsShutdownSettings apply(TlsShutdownConnector connector) {
		TlsShutdownSettings settings = connector.getSettings();
		if (this.policy != null) {
			settings = settings.withPolicy(this.policy);
		}
		return (this.timeout != null) ? withTimeout(settings, this.timeout, connector) : settings;
	}

	private static TlsShutdownSettings withTimeout(TlsShutdownSettings settings, String timeout,
			TlsShutdownConnector connector) {
		Duration duration = parse(timeout);
		if (duration.compareTo(settings.maxWait()) > 0) {
			throw Values.invalid("timeout", timeout, "must be at most " + DurationStyle.SIMPLE.print(settings.maxWait())
					+ ", the max-wait of " + connector.getName());
		}
		try {
			return settings.withTimeout(duration);
		}
		catch (InvalidTlsShutdownSettingException ex) {
			throw Values.invalid("timeout", timeout, "must be a duration such as 3s, more than 0 and at most 1h");
		}
	}

	private static Duration parse(String timeout) {
		try {
			return DurationStyle.detectAndParse(timeout.trim());
		}
		catch (IllegalArgumentException ex) {
			throw Values.invalid("timeout", timeout, "must be a duration such as 500ms or 3s");
		}
	}

}
