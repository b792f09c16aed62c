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

import java.time.Duration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * What is restarted, on Reactor Netty.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ReactiveInstance {

	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(ReactiveInstance.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		application.run(arguments);
		System.out.println("READY");
	}

	@Bean
	HttpHandler httpHandler() {
		return RouterFunctions.toHttpHandler(RouterFunctions.route()
			.path("/slow", (slow) -> slow.route((request) -> true,
					(request) -> Mono.delay(Duration.ofSeconds(2)).then(ServerResponse.ok().bodyValue("hello"))))
			.route((request) -> true, (request) -> ServerResponse.ok().bodyValue("hello"))
			.build());
	}

}
