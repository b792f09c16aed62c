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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Passes every request of a server to {@link RequestPolicies} after it has been handled.
 * Must be a valve of the engine: error pages are written outside the context's pipeline.
 * <p>
 * A {@code ServletRequestListener} would receive the same, but its mere presence makes
 * Tomcat create an event for every attribute set on any request.
 */
final class RequestPoliciesValve extends ValveBase implements AsyncListener {

	private final RequestPolicies policies;

	RequestPoliciesValve(RequestPolicies policies) {
		super(true);
		this.policies = policies;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		try {
			getNext().invoke(request, response);
		}
		finally {
			// Also when asynchronous: Tomcat does not complete every request that fails
			this.policies.read(request);
			if (request.isAsync()) {
				request.getAsyncContextInternal().addListener(this, request, response);
			}
			else {
				announceIfLast(request, response);
				if (isHttp2BodyUnread(request)) {
					this.policies.bodyUnread(request);
				}
			}
		}
	}

	private static void announceIfLast(Request request, Response response) {
		if (!response.isCommitted()
				&& request.getConnector().getProtocolHandler() instanceof TlsShutdownHttp11NioProtocol protocol
				&& protocol.isStoppingGracefully()) {
			LastResponse.announce(request.getCoyoteRequest(), response.getCoyoteResponse());
		}
	}

	// For HTTP/1.1 the processor knows more: it may still read the rest
	private static boolean isHttp2BodyUnread(Request request) {
		if (!"HTTP/2.0".equals(request.getProtocol())) {
			return false;
		}
		AtomicBoolean read = new AtomicBoolean(true);
		request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
		return !read.get();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// A restart drops the listeners, and passes through the valve again
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.policies.read(event.getSuppliedRequest());
		if (event.getSuppliedRequest() instanceof Request request
				&& event.getSuppliedResponse() instanceof Response response) {
			announceIfLast(request, response);
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// Completion follows
	}

	@Override
	public void onError(AsyncEvent event) {
		// Completion follows
	}

}
