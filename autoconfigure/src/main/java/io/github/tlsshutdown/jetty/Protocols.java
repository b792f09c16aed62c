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

package io.github.tlsshutdown.jetty;

import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * Tells which protocol a TLS connection carries now.
 */
final class Protocols {

	private Protocols() {
	}

	static boolean isHttp2(TlsShutdownSslConnection connection) {
		return "h2".equals(connection.getSSLEngine().getApplicationProtocol());
	}

	static boolean isHttp1(TlsShutdownSslConnection connection) {
		return !isHttp2(connection) && connection.getSslEndPoint().getConnection() instanceof ConnectionMetaData;
	}

	/**
	 * Return whether the connection was HTTP/1.1, and is a WebSocket now.
	 * @param connection the connection
	 * @return whether it is another protocol that follows a request
	 */
	static boolean isWebSocket(TlsShutdownSslConnection connection) {
		return connection.signs().requests().hasBeenAny() && !isHttp2(connection) && !isHttp1(connection);
	}

}
