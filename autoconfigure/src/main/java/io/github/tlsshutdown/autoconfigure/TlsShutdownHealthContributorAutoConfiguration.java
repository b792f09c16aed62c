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

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.actuate.TlsShutdownHealthIndicator;

/**
 * Auto-configuration for the {@link TlsShutdownHealthIndicator}, disabled by default: a
 * server that cannot wait for its peers still serves requests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TlsShutdownAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(TlsShutdownSettings.class)
@ConditionalOnBooleanProperty("management.health.tlsshutdown.enabled")
@EnableConfigurationProperties(TlsShutdownHealthProperties.class)
public final class TlsShutdownHealthContributorAutoConfiguration {

	TlsShutdownHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "tlsShutdownHealthIndicator")
	TlsShutdownHealthIndicator tlsShutdownHealthIndicator(TlsShutdownHealthProperties properties) {
		return new TlsShutdownHealthIndicator(properties.getAtLimit());
	}

}
