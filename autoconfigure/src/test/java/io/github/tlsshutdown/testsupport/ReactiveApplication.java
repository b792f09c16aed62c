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

package io.github.tlsshutdown.testsupport;

import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.autoconfigure.TlsShutdownAutoConfiguration;

/**
 * The application of {@link TestServer} with Spring WebFlux: {@code /hello} and
 * {@code /bye}, the header {@code Policy}, and the routes a test adds.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ SslAutoConfiguration.class, TlsShutdownAutoConfiguration.class })
@Import(ReactiveApplication.Server.class)
public class ReactiveApplication {

	/**
	 * Start a server that serves it.
	 * @param configuration more configuration classes
	 * @param properties properties of the application
	 * @return the running server
	 */
	public static TestServer start(Class<?>[] configuration, String... properties) {
		return TestServer.start(ReactiveApplication.class, WebApplicationType.REACTIVE, configuration, properties);
	}

	@Bean
	EventRecorder eventRecorder() {
		return new EventRecorder();
	}

	@Bean
	HttpHandler httpHandler(ApplicationContext context) {
		return WebHttpHandlerBuilder.applicationContext(context).build();
	}

	@Bean
	WebHandler webHandler(ObjectProvider<RouterFunction<ServerResponse>> more) {
		RouterFunctions.Builder routes = RouterFunctions.route()
			.GET("/hello", ReactiveApplication::hello)
			.GET("/bye", (request) -> ServerResponse.ok().header("Connection", "close").bodyValue("bye"));
		more.forEach(routes::add);
		return RouterFunctions.toWebHandler(routes.build());
	}

	private static Mono<ServerResponse> hello(ServerRequest request) {
		String policy = request.headers().firstHeader("Policy");
		if (policy != null) {
			request.attributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, policy);
		}
		return ServerResponse.ok().bodyValue("hello");
	}

	/**
	 * Chooses the server.
	 */
	static class Server implements ImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importing) {
			return Stream.of(ServerUnderTest.plug().reactiveApplication())
				.map((configuration) -> configuration.getName())
				.toArray(String[]::new);
		}

	}

}
