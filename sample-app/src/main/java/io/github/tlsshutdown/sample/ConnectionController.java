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

package io.github.tlsshutdown.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.github.tlsshutdown.TlsShutdownEvent;

/**
 * Shows a client its connection, and how those before it ended.
 */
@RestController
class ConnectionController {

	private static final int ENDS = 8;

	private final ConnectionEnds ends;

	ConnectionController(ConnectionEnds ends) {
		this.ends = ends;
	}

	/**
	 * Describe the connection that carries the request.
	 * @param request the request
	 * @return the description
	 */
	@GetMapping("/connection")
	Connection connection(IncomingRequest request) {
		return new Connection(request.tls(), request.cipherSuite(), request.http(), request.local().getPort(),
				request.remote().getPort(),
				this.ends.from(request.remote().getAddress(), ENDS)
					.stream()
					.map(ConnectionController::describe)
					.toList());
	}

	private static EndDescription describe(ConnectionEnds.End end) {
		TlsShutdownEvent event = end.event();
		return new EndDescription(end.number(), end.time(), Names.of(event.outcome()), Names.of(event.initiator()),
				Names.of(event.policy()), event.protocol(), event.duration(), event.closeNotifySent(),
				event.closeNotifyReceived(), event.discardedBytes());
	}

	/**
	 * A connection.
	 *
	 * @param tls the TLS version
	 * @param cipherSuite the cipher suite
	 * @param http the version of HTTP
	 * @param localPort the server's port
	 * @param remotePort the client's port
	 * @param ends how the last connections from the same address ended, most recent first
	 */
	record Connection(@Nullable String tls, @Nullable String cipherSuite, String http, int localPort, int remotePort,
			List<EndDescription> ends) {
	}

	/**
	 * The end of a connection, named as the actuator endpoint does.
	 *
	 * @param number its number in the order of ends
	 * @param time when it ended
	 * @param outcome how it ended
	 * @param initiator the side that closed first
	 * @param policy the policy by which it ended
	 * @param protocol the TLS version
	 * @param duration time from the first step to the TCP close
	 * @param closeNotifySent whether the server's close_notify was sent
	 * @param closeNotifyReceived whether the client's close_notify was received
	 * @param discardedBytes what the client sent while the server waited, in bytes
	 */
	record EndDescription(long number, Instant time, String outcome, String initiator, String policy, String protocol,
			Duration duration, boolean closeNotifySent, boolean closeNotifyReceived, long discardedBytes) {
	}

}
