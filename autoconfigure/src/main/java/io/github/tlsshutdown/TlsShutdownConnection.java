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

package io.github.tlsshutdown;

import java.net.InetSocketAddress;
import java.security.Principal;

import org.jspecify.annotations.Nullable;

/**
 * A TLS connection that is about to end, as seen by resolvers and rules. Valid only
 * during their call. Not to be implemented by applications: methods may be added in later
 * versions.
 *
 * @since 0.1.0
 */
public interface TlsShutdownConnection {

	/**
	 * Return the name of the connector that accepted the connection.
	 * @return the name, such as {@code https-jsse-nio-8443}
	 */
	String getConnector();

	/**
	 * Return the TCP port the peer connected to.
	 * @return the port, or -1 where the transport has none
	 */
	int getLocalPort();

	/**
	 * Return the address of the peer.
	 * @return the address, or {@code null} where the transport has none
	 */
	@Nullable InetSocketAddress getRemoteAddress();

	/**
	 * Return the host name the peer asked for (SNI, RFC 6066 section 3).
	 * @return the name, or {@code null} if it sent none
	 */
	@Nullable String getServerName();

	/**
	 * Return the TLS version.
	 * @return the version as JSSE names it, such as {@code TLSv1.3}
	 */
	String getProtocol();

	/**
	 * Return the cipher suite.
	 * @return the suite as JSSE names it, such as {@code TLS_AES_128_GCM_SHA256}
	 */
	String getCipherSuite();

	/**
	 * Return the application protocol that was negotiated (ALPN, RFC 7301).
	 * @return the protocol, such as {@code h2}, or {@code null} if none was negotiated
	 */
	@Nullable String getApplicationProtocol();

	/**
	 * Return the subject of the peer's certificate.
	 * @return the subject, or {@code null} if the peer sent no certificate
	 */
	@Nullable Principal getClientSubject();

}
