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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Requests that are not answered before a test wants it: {@code /gate/length} by a body
 * of known length, {@code /gate/begun} by one that has begun already and
 * {@code /gate/none} by none. {@code /gate/last} can be answered after all others.
 */
public final class Gate {

	private final CompletableFuture<Void> opened = new CompletableFuture<>();

	private final CompletableFuture<Void> openedForLast = new CompletableFuture<>();

	private final AtomicInteger waiting = new AtomicInteger();

	/**
	 * Return what a server needs for it.
	 * @return a configuration class
	 */
	public static Class<?> configuration() {
		return (ServerUnderTest.plug().type() == WebApplicationType.SERVLET) ? GateServlet.class : GateRoutes.class;
	}

	/**
	 * Return how many requests have come to it.
	 * @return the number
	 */
	public int waiting() {
		return this.waiting.get();
	}

	/**
	 * Have the requests answered, except for the last.
	 */
	public void open() {
		this.opened.complete(null);
	}

	/**
	 * Have the last request answered.
	 */
	public void openForLast() {
		this.openedForLast.complete(null);
	}

	private CompletableFuture<Void> opened(String way) {
		return way.endsWith("last") ? this.openedForLast : this.opened;
	}

	@Configuration(proxyBeanMethods = false)
	static class GateBean {

		@Bean(destroyMethod = "")
		Gate gate() {
			return new Gate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(GateBean.class)
	static class GateServlet {

		@Bean
		ServletRegistrationBean<HttpServlet> gateServlet(Gate gate) {
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
					handle(gate, request.getPathInfo(), response);
				}

			}, "/gate/*");
		}

		private static void handle(Gate gate, String way, HttpServletResponse response) throws IOException {
			if (way.equals("/begun")) {
				response.getOutputStream().write('b');
				response.flushBuffer();
			}
			gate.waiting.incrementAndGet();
			gate.opened(way).join();
			switch (way) {
				case "/none" -> response.setStatus(204);
				case "/begun" -> response.getOutputStream().write("egun".getBytes(StandardCharsets.US_ASCII));
				default -> {
					response.setContentLength(way.length() - 1);
					response.getOutputStream().write(way.substring(1).getBytes(StandardCharsets.US_ASCII));
				}
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(GateBean.class)
	static class GateRoutes {

		@Bean
		RouterFunction<ServerResponse> gateRoutes(Gate gate) {
			return RouterFunctions.route().GET("/gate/{way}", (request) -> handle(gate, request)).build();
		}

		private static Mono<ServerResponse> handle(Gate gate, ServerRequest request) {
			String way = request.pathVariable("way");
			Mono<Void> opened = Mono.fromFuture(gate.opened(way), true);
			return switch (way) {
				case "none" -> counted(gate).then(opened).then(ServerResponse.noContent().build());
				case "begun" -> ServerResponse.ok()
					.body(Flux.concat(Mono.just("b"), counted(gate).then(opened).thenReturn("egun")), String.class);
				default ->
					counted(gate).then(opened).then(ServerResponse.ok().contentLength(way.length()).bodyValue(way));
			};
		}

		private static Mono<Void> counted(Gate gate) {
			return Mono.fromRunnable(gate.waiting::incrementAndGet);
		}

	}

}
