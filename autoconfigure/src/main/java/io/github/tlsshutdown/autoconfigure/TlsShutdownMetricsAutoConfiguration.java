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

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.metrics.DefaultTlsShutdownTagsConvention;
import io.github.tlsshutdown.metrics.TlsShutdownMetrics;
import io.github.tlsshutdown.metrics.TlsShutdownTagsConvention;

/**
 * Auto-configuration for meters of how TLS connections end, if the application has a
 * {@link MeterRegistry}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TlsShutdownAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, TlsShutdownSettings.class })
public final class TlsShutdownMetricsAutoConfiguration {

	TlsShutdownMetricsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(TlsShutdownTagsConvention.class)
	DefaultTlsShutdownTagsConvention tlsShutdownTagsConvention() {
		return new DefaultTlsShutdownTagsConvention();
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownMetrics tlsShutdownMetrics(ObjectProvider<MeterRegistry> registry,
			TlsShutdownTagsConvention convention) {
		// The server looks up its listeners while it is created: too early for a
		// registry, which can depend on anything
		return new TlsShutdownMetrics(registry::getObject, convention);
	}

}
