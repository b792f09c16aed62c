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

package io.github.tlsshutdown.netty;

import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * Records how requests want their connections to end. Safe for use by several threads.
 */
public final class RequestPolicies {

	private static final AttributeKey<ConnectionRequests> KEY = AttributeKey
		.valueOf(TlsShutdownPolicy.REQUEST_ATTRIBUTE);

	private final RequestedEnds requestedEnds = new RequestedEnds();

	/**
	 * Create an empty instance.
	 */
	public RequestPolicies() {
	}

	/**
	 * Record the attribute of a request.
	 * @param request the request
	 * @param policy provides the value of {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}, or
	 * {@code null} if the request has none; called until its exchange is over
	 */
	public void remember(HttpServerRequest request, Supplier<?> policy) {
		request.withConnection((connection) -> remember(connection.channel(), policy));
	}

	private void remember(Channel channel, Supplier<?> policy) {
		Channel parent = channel.parent();
		boolean isStream = parent != null && !(parent instanceof ServerChannel);
		ConnectionRequests requests = requestsOf(isStream ? parent : channel);
		if (requests == null) {
			return;
		}
		if (isStream) {
			requests.begun(policy);
			channel.closeFuture().addListener((closed) -> requests.over(policy));
		}
		else {
			requests.next(policy);
		}
	}

	private @Nullable ConnectionRequests requestsOf(Channel channel) {
		Attribute<ConnectionRequests> attribute = channel.attr(KEY);
		// Nobody would say when an exchange of another connection is over
		if (attribute.get() == null && NettyConnection.isWatched(channel)) {
			attribute.setIfAbsent(new ConnectionRequests(this.requestedEnds));
		}
		return attribute.get();
	}

	/**
	 * Return the requests of a connection.
	 * @param channel the connection's channel
	 * @return the requests, or {@code null} if there were none
	 */
	static @Nullable ConnectionRequests of(Channel channel) {
		return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
	}

}
