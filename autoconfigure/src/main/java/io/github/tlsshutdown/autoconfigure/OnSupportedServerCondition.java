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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches if a supported server is on the class path. Spring Boot's nested conditions
 * would do the same, but take several milliseconds at start-up.
 */
class OnSupportedServerCondition extends SpringBootCondition {

	private static final Map<String, List<String>> SERVERS = Map.of("Tomcat",
			List.of("org.apache.catalina.startup.Tomcat", "org.springframework.boot.tomcat.TomcatWebServerFactory"),
			"Jetty", List.of("org.eclipse.jetty.server.Server", "org.springframework.boot.jetty.JettyWebServerFactory"),
			"Reactor Netty", List.of("reactor.netty.http.server.HttpServer",
					"org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory"));

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Supported server");
		for (Map.Entry<String, List<String>> server : SERVERS.entrySet()) {
			if (areAllPresent(server.getValue(), context.getClassLoader())) {
				return ConditionOutcome.match(message.foundExactly(server.getKey()));
			}
		}
		return ConditionOutcome.noMatch(message.because("there is none"));
	}

	private static boolean areAllPresent(List<String> classes, @Nullable ClassLoader classLoader) {
		for (String name : classes) {
			if (!ClassUtils.isPresent(name, classLoader)) {
				return false;
			}
		}
		return true;
	}

}
