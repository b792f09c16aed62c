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

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * Records, with their channels, how requests want their connections to end. Safe for use
 * by several threads.
 */
public final class RequestPolicies {

	private static final AttributeKey<RequestedEnd> KEY = AttributeKey.valueOf(TlsShutdownPolicy.REQUEST_ATTRIBUTE);

	private final RequestedEnds requestedEnds = new RequestedEnds();

	/**
	 * Create an empty instance.
	 */
	public RequestPolicies() {
	}

	/**
	 * Record the attribute of a request.
	 * @param request the request
	 * @param value the value of {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}
	 */
	public void remember(HttpServerRequest request, Object value) {
		RequestedEnd end = this.requestedEnds.read(value);
		if (end != null) {
			request.withConnection((connection) -> connectionOf(connection).attr(KEY).set(end));
		}
	}

	private static Channel connectionOf(Connection connection) {
		// An HTTP/2 stream has its own channel
		Channel channel = connection.channel();
		Channel parent = channel.parent();
		return (parent == null || parent instanceof ServerChannel) ? channel : parent;
	}

	/**
	 * Return, and remove, what the requests of a connection have asked for.
	 * @param channel the connection's channel
	 * @return what they have asked for, or {@code null} if nothing
	 */
	@Nullable RequestedEnd take(Channel channel) {
		return channel.hasAttr(KEY) ? channel.attr(KEY).getAndSet(null) : null;
	}

}
