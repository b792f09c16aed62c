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

package io.github.tlsshutdown.benchmarks.reactive;

import io.netty.handler.ssl.SslHandler;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.github.tlsshutdown.benchmarks.application.ReadyAnnouncer;

/**
 * What the other application answers, without servlets.
 */
@SpringBootApplication
@Import(ReadyAnnouncer.class)
public class ReactiveApplication {

	/**
	 * Start the application.
	 * @param arguments those of Spring Boot
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(ReactiveApplication.class, arguments);
	}

	/**
	 * Let the server wait for close_notify: the handler of a connection is there when its
	 * handshake is done, whichever way Spring Boot has configured it.
	 * @param millis how long
	 * @return the customizer
	 */
	@Bean
	@ConditionalOnProperty("benchmark.close-notify-read-timeout")
	NettyServerCustomizer closeNotifyReadTimeout(@Value("${benchmark.close-notify-read-timeout}") long millis) {
		return (server) -> server.doOnConnection((connection) -> connection.channel()
			.pipeline()
			.get(SslHandler.class)
			.setCloseNotifyReadTimeoutMillis(millis));
	}

}
