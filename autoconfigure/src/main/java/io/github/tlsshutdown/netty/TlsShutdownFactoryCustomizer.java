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

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Applies a {@link TlsShutdownServerCustomizer} to the server of a factory. Spring Boot
 * itself omits factories that belong to the application or to a management server.
 *
 * @since 0.1.0
 */
public class TlsShutdownFactoryCustomizer
		implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final TlsShutdownServerCustomizer serverCustomizer;

	/**
	 * Create a customizer.
	 * @param serverCustomizer the customizer to apply
	 */
	public TlsShutdownFactoryCustomizer(TlsShutdownServerCustomizer serverCustomizer) {
		this.serverCustomizer = serverCustomizer;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		if (factory.getShutdown() == Shutdown.GRACEFUL) {
			this.serverCustomizer.stopGracefully();
		}
		factory.addServerCustomizers(this.serverCustomizer);
	}

	/**
	 * Last, to see the settings of other customizers.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
