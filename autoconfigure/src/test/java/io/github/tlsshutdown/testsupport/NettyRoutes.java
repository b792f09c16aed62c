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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * What {@link TestServer} serves, on Reactor Netty.
 */
@Configuration(proxyBeanMethods = false)
class NettyRoutes {

	private static final List<String> UNFINISHED = List.of("/fails", "/short");

	private static final byte[] BEGUN = "begun".getBytes(StandardCharsets.US_ASCII);

	@Bean
	HttpHandler httpHandler(ApplicationContext context) {
		return WebHttpHandlerBuilder.applicationContext(context).build();
	}

	@Bean
	WebHandler webHandler(ObjectProvider<RouterFunction<ServerResponse>> more) {
		RouterFunctions.Builder routes = RouterFunctions.route();
		more.forEach(routes::add);
		return RouterFunctions.toWebHandler(routes.route((request) -> true, NettyRoutes::serve).build());
	}

	private static Mono<ServerResponse> serve(ServerRequest request) {
		request.headers()
			.header("Policy")
			.forEach((policy) -> request.attributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, policy));
		if (UNFINISHED.contains(request.path())) {
			return begin(request);
		}
		Mono<ServerResponse> answer = Mono.defer(() -> answer(request));
		return request.path().equals("/read")
				? request.body((message, context) -> message.getBody()).doOnNext(DataBufferUtils::release).then(answer)
				: answer;
	}

	private static Mono<ServerResponse> answer(ServerRequest request) {
		ServerResponse.BodyBuilder response = ServerResponse.status(request.path().equals("/reject") ? 413 : 200);
		if (!request.path().equals("/hello")) {
			response.header("Connection", "close");
		}
		byte[] body = request.queryParam("size")
			.map((size) -> body(Integer.parseInt(size)))
			.orElseGet(() -> request.path().substring(1).getBytes(StandardCharsets.US_ASCII));
		return response.contentLength(body.length).bodyValue(body);
	}

	private static Mono<ServerResponse> begin(ServerRequest request) {
		ServerResponse.BodyBuilder response = ServerResponse.ok().header("Connection", "close");
		Flux<DataBuffer> begun = Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(BEGUN));
		if (request.path().equals("/short")) {
			return response.contentLength(BEGUN.length + 1).body(BodyInserters.fromDataBuffers(begun));
		}
		Flux<DataBuffer> failing = begun.concatWith(Mono.error(() -> new IllegalStateException("by the test")));
		// Written one by one, so that the response has begun
		return response.body((message, context) -> message.writeAndFlushWith(failing.map(Mono::just)));
	}

	private static byte[] body(int size) {
		byte[] body = new byte[size];
		Arrays.fill(body, (byte) 'x');
		return body;
	}

}
