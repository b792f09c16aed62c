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
 * Why a TLS handshake was not completed, as far as the server knows. Uncertain cases are
 * {@link #OTHER}.
 * <p>
 * Constants may be added in later versions.
 *
 * @since 0.1.0
 */
public enum TlsShutdownNoHandshakeReason {

	/**
	 * The peer sent nothing: TCP health checks, port scans, connections that browsers
	 * open in advance.
	 */
	NOTHING_RECEIVED,

	/** The peer sent a plain HTTP request. */
	PLAIN_HTTP,

	/** The peer has no certificate, but the server requires one. */
	NO_CLIENT_CERTIFICATE,

	/** The peer's certificate is not trusted, has expired or cannot be used. */
	UNTRUSTED_CLIENT_CERTIFICATE,

	/**
	 * The peer sent a fatal alert: usually it does not trust the server's certificate.
	 */
	PEER_ALERT,

	/**
	 * The server and the peer have no TLS version, cipher suite or other parameter in
	 * common.
	 */
	NOTHING_IN_COMMON,

	/** The peer began a handshake and left, without an alert. */
	PEER_LEFT,

	/** The peer began a handshake but did not finish it in time. */
	TIMED_OUT,

	/**
	 * None of the above, or unknown: the peer sent neither TLS nor HTTP, for instance, or
	 * the server was stopped.
	 */
	OTHER

}
