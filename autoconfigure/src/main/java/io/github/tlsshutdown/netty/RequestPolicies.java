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
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.RequestedEnd;
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
		requests.begun(policy);
		if (isStream) {
			channel.closeFuture().addListener((closed) -> requests.over(policy));
		}
	}

	private @Nullable ConnectionRequests requestsOf(Channel channel) {
		ConnectionRequests known = knownOf(channel);
		// Nobody would say when an exchange of another connection is over
		if (known != null || !NettyConnection.isWatched(channel)) {
			return known;
		}
		channel.attr(KEY).setIfAbsent(new ConnectionRequests(this.requestedEnds));
		return knownOf(channel);
	}

	/**
	 * Return what to do when the latest exchange of an HTTP/1.1 connection is over: there
	 * is only one at a time.
	 * @param channel the connection's channel
	 * @return what to do, or {@code null} if nothing
	 */
	static @Nullable Runnable endOfLatest(Channel channel) {
		ConnectionRequests requests = knownOf(channel);
		Supplier<?> latest = (requests != null) ? requests.latest() : null;
		return (requests != null && latest != null) ? () -> requests.over(latest) : null;
	}

	/**
	 * Return what the requests of a connection have asked for.
	 * @param channel the connection's channel
	 * @return what they have asked for, or {@code null} if nothing
	 */
	static @Nullable RequestedEnd requestedEnd(Channel channel) {
		ConnectionRequests requests = knownOf(channel);
		return (requests != null) ? requests.requested() : null;
	}

	private static @Nullable ConnectionRequests knownOf(Channel channel) {
		return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
	}

}
