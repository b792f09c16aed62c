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
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The end of one TLS connection.
 *
 * @param connector name of the connector that accepted the connection, such as
 * {@code https-jsse-nio-8443}
 * @param policy policy the connection was ended by
 * @param outcome how the connection ended
 * @param initiator who was the first to end it
 * @param protocol TLS version as JSSE names it, such as {@code TLSv1.3}, or
 * {@value #UNKNOWN_PROTOCOL} where no handshake was completed
 * @param remoteAddress address of the peer, or {@code null} where the transport has none
 * @param duration time from the first step of the shutdown to the TCP close
 * @param closeNotifySent whether our close_notify was handed to TCP in full
 * @param closeNotifyReceived whether the peer's close_notify was received
 * @param discardedBytes application data the peer sent while we waited for its
 * close_notify, decrypted and thrown away, in bytes
 * @since 0.1.0
 */
public record TlsShutdownEvent(String connector, TlsShutdownPolicy policy, TlsShutdownOutcome outcome,
		TlsShutdownInitiator initiator, String protocol, @Nullable InetSocketAddress remoteAddress, Duration duration,
		boolean closeNotifySent, boolean closeNotifyReceived, long discardedBytes) {

	/**
	 * The {@link #protocol()} of a connection that completed no handshake.
	 */
	public static final String UNKNOWN_PROTOCOL = "unknown";

	public TlsShutdownEvent {
		Objects.requireNonNull(connector, "'connector' must not be null");
		Objects.requireNonNull(policy, "'policy' must not be null");
		Objects.requireNonNull(outcome, "'outcome' must not be null");
		Objects.requireNonNull(initiator, "'initiator' must not be null");
		Objects.requireNonNull(protocol, "'protocol' must not be null");
		Objects.requireNonNull(duration, "'duration' must not be null");
	}

}
