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
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Passes the exchange attribute {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE} on to the
 * underlying server.
 */
class ExchangePolicyWebFilter implements WebFilter, Ordered {

	private final List<NativeRequestPolicy> servers;

	/**
	 * Create a filter.
	 * @param servers the supported servers
	 */
	ExchangePolicyWebFilter(List<NativeRequestPolicy> servers) {
		this.servers = List.copyOf(servers);
	}

	/**
	 * Let the server read the attribute when it needs it: the handler sets it later, and
	 * an error response is written after all filters have returned. An operator here
	 * would be part of every exchange.
	 */
	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		Object request = nativeRequest(exchange.getRequest());
		if (request != null) {
			Supplier<?> policy = () -> exchange.getAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE);
			this.servers.forEach((server) -> server.set(request, policy));
		}
		return chain.filter(exchange);
	}

	/**
	 * First, as other filters may answer.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	private static @Nullable Object nativeRequest(ServerHttpRequest request) {
		try {
			return ServerHttpRequestDecorator.getNativeRequest(request);
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			// No server, as in tests with mock requests
			return null;
		}
	}

}
