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

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import jakarta.servlet.ServletConnection;
import jakarta.servlet.ServletRequest;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * Records how requests want their connections to end, by the attribute
 * {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}. Safe for use by several threads.
 */
class RequestPolicies {

	private final RequestedEnds requestedEnds = new RequestedEnds();

	/**
	 * Weak, because a request can outlive its connection: its value is then removed with
	 * both.
	 */
	private final Map<ServletConnection, RequestedEnd> policies = Collections.synchronizedMap(new WeakHashMap<>());

	/** HTTP/2 connections on which a request body was not read completely. */
	private final Map<ServletConnection, Boolean> bodiesUnread = Collections.synchronizedMap(new WeakHashMap<>());

	/** If all bodies are read, the map is never accessed. */
	private volatile boolean anyBodyUnread;

	/** If the attribute is never used, the map is never accessed. */
	private volatile boolean used;

	/**
	 * Record the attribute of a request.
	 * @param request the request, after it has been handled
	 */
	void read(ServletRequest request) {
		RequestedEnd end = this.requestedEnds.read(request.getAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE));
		if (end != null) {
			this.policies.put(request.getServletConnection(), end);
			this.used = true;
		}
	}

	/**
	 * Record that the client of a connection may be sending when it is closed.
	 * @param request the request whose body was not read completely
	 */
	void bodyUnread(ServletRequest request) {
		this.bodiesUnread.put(request.getServletConnection(), Boolean.TRUE);
		this.anyBodyUnread = true;
	}

	/**
	 * Return, and remove, whether the client of a connection may be sending.
	 * @param connection the connection
	 * @return whether a body was not read completely
	 */
	boolean takeBodyUnread(NioSocketWrapper connection) {
		return this.anyBodyUnread && this.bodiesUnread.remove(connection.getServletConnection("", "")) != null;
	}

	/**
	 * Return, and remove, what the requests of a connection have asked for.
	 * @param connection the connection
	 * @return what they have asked for, or {@code null} if nothing
	 */
	@Nullable RequestedEnd take(NioSocketWrapper connection) {
		return this.used ? this.policies.remove(connection.getServletConnection("", "")) : null;
	}

}
