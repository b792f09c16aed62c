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

import javax.net.ssl.SSLEngine;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.EngineConnection;
import io.github.tlsshutdown.engine.ServerConnector;
import io.github.tlsshutdown.engine.Transport;

/**
 * A connection about which Netty knows more than its engine.
 */
final class ClosingConnection extends EngineConnection {

	private final Signs signs;

	ClosingConnection(ServerConnector connector, Transport transport, SSLEngine engine, Signs signs) {
		super(connector, transport, engine);
		this.signs = signs;
	}

	@Override
	public @Nullable String getServerName() {
		String name = this.signs.serverName();
		return (name != null) ? name : super.getServerName();
	}

	@Override
	public @Nullable String getApplicationProtocol() {
		return this.signs.applicationProtocol();
	}

}
