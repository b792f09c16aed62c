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

import javax.net.ssl.SSLEngine;

import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.EngineConnection;
import io.github.tlsshutdown.engine.ServerConnector;
import io.github.tlsshutdown.engine.Transport;

/**
 * A connection about which Tomcat knows more than its engine.
 */
final class TomcatConnection extends EngineConnection {

	private final NioSocketWrapper socketWrapper;

	TomcatConnection(ServerConnector connector, Transport transport, SSLEngine engine, NioSocketWrapper socketWrapper) {
		super(connector, transport, engine);
		this.socketWrapper = socketWrapper;
	}

	@Override
	public @Nullable String getServerName() {
		return this.socketWrapper.getSniHostName();
	}

	@Override
	public @Nullable String getApplicationProtocol() {
		// Not every engine reports it: Tomcat knows it for its own engines
		String protocol = this.socketWrapper.getNegotiatedProtocol();
		return (protocol == null || protocol.isEmpty()) ? null : protocol;
	}

}
