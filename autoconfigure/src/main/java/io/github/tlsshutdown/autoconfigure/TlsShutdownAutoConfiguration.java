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

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import jakarta.servlet.ServletRequest;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.engine.NamedResolver;

/**
 * {@link AutoConfiguration Auto-configuration} of TLS shutdown: the parts common to all
 * servers. Each server has its own configuration, which is not loaded if another server
 * is used.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnWebApplication
@Conditional({ OnTlsShutdownEnabledCondition.class, OnSupportedServerCondition.class })
@EnableConfigurationProperties(TlsShutdownProperties.class)
@Import({ TlsShutdownTomcatConfiguration.class, TlsShutdownJettyConfiguration.class,
		TlsShutdownNettyConfiguration.class })
public final class TlsShutdownAutoConfiguration {

	TlsShutdownAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownSettings tlsShutdownSettings(TlsShutdownProperties properties, Environment environment) {
		return new SettingsMapper(Binder.get(environment)).map(properties);
	}

	@Bean
	ConnectorSetup tlsShutdownConnectorSetup(TlsShutdownProperties properties, TlsShutdownSettings settings,
			ListableBeanFactory beanFactory, ObjectProvider<TlsShutdownListener> listeners, Environment environment) {
		return new ConnectorSetup(settings, new RulesMapper(settings, environment).map(properties.getRules()),
				() -> resolvers(beanFactory), () -> listeners.orderedStream().toList());
	}

	// SLF4J, in a version with key-value pairs
	@Bean
	@ConditionalOnClass(name = "org.slf4j.spi.LoggingEventBuilder")
	ConnectionLog tlsShutdownConnectionLog() {
		return new ConnectionLog();
	}

	// A run time image can lack the module
	@Bean
	@ConditionalOnClass(name = "jdk.jfr.Event")
	FlightRecording tlsShutdownFlightRecording() {
		return new FlightRecording();
	}

	// Events contain the name of the bean that made the choice
	private static List<NamedResolver> resolvers(ListableBeanFactory beanFactory) {
		Map<String, TlsShutdownPolicyResolver> beans = beanFactory.getBeansOfType(TlsShutdownPolicyResolver.class);
		if (beans.isEmpty()) {
			return List.of();
		}
		Map<TlsShutdownPolicyResolver, String> names = new IdentityHashMap<>();
		beans.forEach((name, bean) -> names.put(bean, name));
		return beanFactory.getBeanProvider(TlsShutdownPolicyResolver.class)
			.orderedStream()
			.map((resolver) -> new NamedResolver(names.getOrDefault(resolver, resolver.getClass().getName()), resolver))
			.toList();
	}

	/**
	 * Additional beans for reactive applications.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ExchangePolicyWebFilter tlsShutdownExchangePolicyWebFilter(ObjectProvider<NativeRequestPolicy> servers) {
			return new ExchangePolicyWebFilter(servers.orderedStream().toList());
		}

		/**
		 * Beans for servlet containers.
		 */
		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(ServletRequest.class)
		static class ServletConfiguration {

			@Bean
			NativeRequestPolicy tlsShutdownServletRequestPolicy() {
				return (request, policy) -> {
					if (request instanceof ServletRequest servletRequest) {
						setAttribute(servletRequest, policy);
					}
				};
			}

			private static void setAttribute(ServletRequest request, Supplier<?> policy) {
				Object before = request.getAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE);
				Supplier<?> policyOrBefore = () -> Objects.requireNonNullElse(policy.get(), before);
				request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, (before != null) ? policyOrBefore : policy);
			}

		}

	}

}
