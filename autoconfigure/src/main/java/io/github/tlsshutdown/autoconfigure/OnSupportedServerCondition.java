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
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import reactor.netty.http.server.HttpServer;

/**
 * Matches if a supported server is on the class path.
 */
class OnSupportedServerCondition extends AnyNestedCondition {

	OnSupportedServerCondition() {
		super(ConfigurationPhase.PARSE_CONFIGURATION);
	}

	/** Tomcat. */
	@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
	static class OnTomcat {

	}

	/** Jetty. */
	@ConditionalOnClass({ Server.class, JettyWebServerFactory.class })
	static class OnJetty {

	}

	/** Reactor Netty. */
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	static class OnReactorNetty {

	}

}
