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

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the health indicator.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("management.health.tlsshutdown")
public class TlsShutdownHealthProperties {

	/**
	 * Whether to enable the TLS shutdown health check.
	 */
	private boolean enabled;

	/**
	 * How long tls.shutdown.max-pending connections can be waiting before the status is
	 * DOWN.
	 */
	private Duration atLimit = Duration.ofMinutes(1);

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Duration getAtLimit() {
		return this.atLimit;
	}

	public void setAtLimit(Duration atLimit) {
		this.atLimit = atLimit;
	}

}
