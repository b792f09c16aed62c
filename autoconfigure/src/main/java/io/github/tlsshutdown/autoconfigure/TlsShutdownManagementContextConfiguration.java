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
import org.eclipse.jetty.server.Server;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.server.HttpServer;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.jetty.TlsShutdownJettyCustomizer;
import io.github.tlsshutdown.netty.TlsShutdownFactoryCustomizer;
import io.github.tlsshutdown.netty.TlsShutdownServerCustomizer;
import io.github.tlsshutdown.tomcat.TlsShutdownConnectorCustomizer;
import io.github.tlsshutdown.tomcat.TlsShutdownProtocolCustomizer;

/**
 * {@link ManagementContextConfiguration Management context configuration} that applies
 * the application's policy to a separate management port. The server of that port has its
 * own context, which inherits no customizers.
 */
// One class for all servers: each application reads it, most have no such port
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class TlsShutdownManagementContextConfiguration {

	/**
	 * Beans for Tomcat.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
	@ConditionalOnBean(TlsShutdownConnectorCustomizer.class)
	static class TomcatConfiguration {

		@Bean
		TlsShutdownProtocolCustomizer tlsShutdownManagementProtocolCustomizer(
				TlsShutdownConnectorCustomizer connectorCustomizer) {
			return new TlsShutdownProtocolCustomizer(connectorCustomizer);
		}

	}

	/**
	 * Beans for Jetty.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Server.class, JettyWebServerFactory.class })
	@ConditionalOnBean(ConnectorSetup.class)
	static class JettyConfiguration {

		@Bean
		TlsShutdownJettyCustomizer tlsShutdownManagementJettyCustomizer(ConnectorSetup setup) {
			return new TlsShutdownJettyCustomizer(setup);
		}

	}

	/**
	 * Beans for Reactor Netty.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	@ConditionalOnBean(TlsShutdownServerCustomizer.class)
	static class NettyConfiguration {

		@Bean
		TlsShutdownFactoryCustomizer tlsShutdownManagementFactoryCustomizer(
				TlsShutdownServerCustomizer serverCustomizer) {
			return new TlsShutdownFactoryCustomizer(serverCustomizer);
		}

	}

}
