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

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.netty.GracefulStopLifecycle;
import io.github.tlsshutdown.netty.RequestPolicies;
import io.github.tlsshutdown.netty.TlsShutdownFactoryCustomizer;
import io.github.tlsshutdown.netty.TlsShutdownServerCustomizer;

/**
 * Beans for Reactor Netty.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
class TlsShutdownNettyConfiguration {

	@Bean
	NativeRequestPolicy tlsShutdownNettyRequestPolicy() {
		RequestPolicies policies = new RequestPolicies();
		return (request, policy) -> {
			if (request instanceof HttpServerRequest httpRequest) {
				policies.remember(httpRequest, policy);
			}
		};
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownServerCustomizer tlsShutdownServerCustomizer(ConnectorSetup setup, Environment environment) {
		// With Spring Boot's default
		return new TlsShutdownServerCustomizer(setup, environment
			.getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class, Duration.ofSeconds(30)));
	}

	@Bean
	GracefulStopLifecycle tlsShutdownNettyGracefulStopLifecycle(TlsShutdownServerCustomizer serverCustomizer) {
		return new GracefulStopLifecycle(serverCustomizer);
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownFactoryCustomizer tlsShutdownFactoryCustomizer(TlsShutdownServerCustomizer serverCustomizer) {
		return new TlsShutdownFactoryCustomizer(serverCustomizer);
	}

}
