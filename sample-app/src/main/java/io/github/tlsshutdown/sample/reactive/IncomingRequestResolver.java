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

package io.github.tlsshutdown.sample.reactive;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLSession;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.SyncHandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.sample.IncomingRequest;

/**
 * Gives controllers the {@link IncomingRequest}.
 */
@Component
class IncomingRequestResolver implements SyncHandlerMethodArgumentResolver, WebFluxConfigurer {

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		configurer.addCustomResolver(this);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == IncomingRequest.class;
	}

	@Override
	public Object resolveArgumentValue(MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		HttpServerRequest serverRequest = ServerHttpRequestDecorator.getNativeRequest(request);
		SSLSession session = session(serverRequest);
		return new IncomingRequest(request.getQueryParams(), serverRequest.version().text(),
				address(request.getLocalAddress()), address(request.getRemoteAddress()),
				(session != null) ? session.getProtocol() : null, (session != null) ? session.getCipherSuite() : null);
	}

	private static @Nullable SSLSession session(HttpServerRequest request) {
		AtomicReference<@Nullable SSLSession> session = new AtomicReference<>();
		request.withConnection((connection) -> {
			// An HTTP/2 stream has its own channel
			for (Channel channel = connection.channel(); channel != null; channel = channel.parent()) {
				SslHandler handler = channel.pipeline().get(SslHandler.class);
				if (handler != null) {
					session.set(handler.engine().getSession());
					return;
				}
			}
		});
		return session.get();
	}

	private static InetSocketAddress address(@Nullable InetSocketAddress address) {
		return Objects.requireNonNull(address, "A TCP connection has two addresses");
	}

}
