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

import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.tomcat.TlsShutdownConnectorCustomizer;
import io.github.tlsshutdown.tomcat.TlsShutdownProtocolCustomizer;

/**
 * Beans for embedded Tomcat.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
class TlsShutdownTomcatConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownProtocolCustomizer tlsShutdownProtocolCustomizer(TlsShutdownConnectorCustomizer connectorCustomizer) {
		return new TlsShutdownProtocolCustomizer(connectorCustomizer);
	}

	@Bean
	@ConditionalOnMissingBean
	TlsShutdownConnectorCustomizer tlsShutdownConnectorCustomizer(ConnectorSetup setup) {
		return new TlsShutdownConnectorCustomizer(setup);
	}

}
