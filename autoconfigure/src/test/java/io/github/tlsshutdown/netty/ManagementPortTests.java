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

package io.github.tlsshutdown.netty;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;

import io.github.tlsshutdown.contract.ManagementPortContract;

/**
 * A management port of its own, with TLS.
 */
class ManagementPortTests extends ManagementPortContract {

	ManagementPortTests() {
		super(Management.class, "https-netty-");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ManagementContextAutoConfiguration.class)
	static class Management {

		/**
		 * As Spring Boot has it, with something to serve.
		 */
		@Bean
		static ManagementContextFactory managementContextFactory() {
			return new ManagementContextFactory(WebApplicationType.REACTIVE, ReactiveWebServerFactory.class,
					NettyReactiveWebServerAutoConfiguration.class, Handler.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Handler {

		@Bean
		HttpHandler httpHandler() {
			return (request, response) -> response.setComplete();
		}

	}

}
