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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.actuate.TlsShutdownEndpoint;
import io.github.tlsshutdown.actuate.TlsShutdownEndpointWebExtension;
import io.github.tlsshutdown.actuate.TlsShutdownRecorder;

/**
 * Auto-configuration for the actuator endpoint that shows and changes how TLS connections
 * end. Nothing is recorded for it if it is not exposed.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TlsShutdownAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(TlsShutdownSettings.class)
@ConditionalOnAvailableEndpoint(TlsShutdownEndpoint.class)
@EnableConfigurationProperties(TlsShutdownEndpointProperties.class)
public final class TlsShutdownEndpointAutoConfiguration {

	private static final int LARGEST_RECENT_SIZE = 10_000;

	TlsShutdownEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownRecorder tlsShutdownRecorder(TlsShutdownEndpointProperties properties) {
		int recentSize = properties.getRecentSize();
		if (recentSize < 0 || recentSize > LARGEST_RECENT_SIZE) {
			throw new InvalidConfigurationPropertyValueException("management.endpoint.tlsshutdown.recent-size",
					recentSize, "must be at least 0 and at most " + LARGEST_RECENT_SIZE);
		}
		return new TlsShutdownRecorder(recentSize);
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownEndpoint tlsShutdownEndpoint(TlsShutdownRecorder recorder, TlsShutdownEndpointProperties properties,
			ObjectProvider<SanitizingFunction> sanitizingFunctions, ApplicationEventPublisher publisher) {
		return new TlsShutdownEndpoint(recorder, sanitizingFunctions.orderedStream().toList(),
				properties.getShowValues(), publisher);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(TlsShutdownEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	TlsShutdownEndpointWebExtension tlsShutdownEndpointWebExtension(TlsShutdownEndpoint endpoint,
			TlsShutdownEndpointProperties properties) {
		return new TlsShutdownEndpointWebExtension(endpoint, properties.getShowValues(), properties.getRoles());
	}

}
