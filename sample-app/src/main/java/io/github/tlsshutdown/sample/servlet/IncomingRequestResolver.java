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

package io.github.tlsshutdown.sample.servlet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UriComponentsBuilder;

import io.github.tlsshutdown.sample.IncomingRequest;

/**
 * Gives controllers the {@link IncomingRequest}.
 */
@Component
class IncomingRequestResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(this);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == IncomingRequest.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer model,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) throws UnknownHostException {
		HttpServletRequest request = (HttpServletRequest) webRequest.getNativeRequest();
		MultiValueMap<String, String> query = UriComponentsBuilder.newInstance()
			.query(request.getQueryString())
			.build()
			.getQueryParams();
		return new IncomingRequest(query, request.getProtocol(),
				address(request.getLocalAddr(), request.getLocalPort()),
				address(request.getRemoteAddr(), request.getRemotePort()),
				(String) request.getAttribute("jakarta.servlet.request.secure_protocol"),
				(String) request.getAttribute("jakarta.servlet.request.cipher_suite"));
	}

	private static InetSocketAddress address(String address, int port) throws UnknownHostException {
		// Not looked up, as it is no name
		return new InetSocketAddress(InetAddress.getByName(address), port);
	}

}
