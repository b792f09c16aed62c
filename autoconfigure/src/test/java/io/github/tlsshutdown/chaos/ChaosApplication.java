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

package io.github.tlsshutdown.chaos;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

import io.github.tlsshutdown.autoconfigure.TlsShutdownAutoConfiguration;
import io.github.tlsshutdown.testsupport.TestServer.TestServlet;
import io.github.tlsshutdown.tomcat.CountingProtocol;

/**
 * Serves what {@link io.github.tlsshutdown.testsupport.TestServer} does, over connections
 * that are counted, with send buffers that a large response fills.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ SslAutoConfiguration.class, TomcatServletWebServerAutoConfiguration.class,
		TlsShutdownAutoConfiguration.class })
class ChaosApplication {

	@Bean
	ChaosRecorder chaosRecorder() {
		return new ChaosRecorder();
	}

	@Bean
	ServletRegistrationBean<TestServlet> testServlet() {
		return new ServletRegistrationBean<>(new TestServlet(), "/*");
	}

	@Bean
	WebServerFactoryCustomizer<TomcatWebServerFactory> protocolCustomizer() {
		return (factory) -> factory.setProtocol(CountingProtocol.class.getName());
	}

	@Bean
	TomcatConnectorCustomizer socketCustomizer() {
		return (connector) -> {
			connector.setProperty("socket.txBufSize", "65536");
			// Channels are used again. In a large heap Tomcat keeps thousands of them,
			// with some 70 KB each, which would hide what is kept of connections.
			connector.setProperty("socket.bufferPool", "4");
		};
	}

}
