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

/**
 * Why a TLS handshake was not completed, as far as the server can tell. What is not known
 * for certain is {@link #OTHER}.
 * <p>
 * Constants may be added in later versions.
 *
 * @since 0.1.0
 */
public enum TlsShutdownNoHandshakeReason {

	/**
	 * Not a byte came from the peer: health checks by TCP, port scans, connections that
	 * browsers open in advance.
	 */
	NOTHING_RECEIVED,

	/** The peer sent a request of plain HTTP. */
	PLAIN_HTTP,

	/** The peer has no certificate, and the server insists on one. */
	NO_CLIENT_CERTIFICATE,

	/** The peer's certificate is not trusted, has expired or cannot be used. */
	UNTRUSTED_CLIENT_CERTIFICATE,

	/**
	 * The peer sent a fatal alert: most often it does not trust the server's certificate.
	 */
	PEER_ALERT,

	/**
	 * The server and the peer have no TLS version, cipher suite or other parameter in
	 * common.
	 */
	NOTHING_IN_COMMON,

	/** The peer began a handshake and left, without an alert. */
	PEER_LEFT,

	/** The peer began a handshake and did not finish it in time. */
	TIMED_OUT,

	/**
	 * None of the above, or not known: what the peer sent is neither TLS nor HTTP, for
	 * instance, or the server was stopped.
	 */
	OTHER

}
