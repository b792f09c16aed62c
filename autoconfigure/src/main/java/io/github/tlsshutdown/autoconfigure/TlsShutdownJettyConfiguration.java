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

import org.eclipse.jetty.server.Server;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.jetty.TlsShutdownJettyCustomizer;

/**
 * Beans for embedded Jetty.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ Server.class, JettyWebServerFactory.class })
class TlsShutdownJettyConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownJettyCustomizer tlsShutdownJettyCustomizer(ConnectorSetup setup) {
		return new TlsShutdownJettyCustomizer(setup);
	}

}
