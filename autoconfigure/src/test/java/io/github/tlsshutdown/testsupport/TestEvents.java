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

package io.github.tlsshutdown.testsupport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;

/**
 * Events of connections that never were.
 */
public final class TestEvents {

	/** How long every shutdown takes. */
	public static final Duration DURATION = Duration.ofMillis(5);

	private TestEvents() {
	}

	/**
	 * Make an event of a TLS 1.3 connection, with the policy of its connector.
	 * @param connector the connector
	 * @param outcome the outcome
	 * @param initiator who closed first
	 * @return the event
	 */
	public static TlsShutdownEvent event(TlsShutdownConnector connector, TlsShutdownOutcome outcome,
			TlsShutdownInitiator initiator) {
		return event(connector, outcome, initiator, "192.0.2.1", 0);
	}

	/**
	 * Make an event of a TLS 1.3 connection, with the policy of its connector.
	 * @param connector the connector
	 * @param outcome the outcome
	 * @param initiator who closed first
	 * @param address the peer's address
	 * @param discarded bytes discarded
	 * @return the event
	 */
	public static TlsShutdownEvent event(TlsShutdownConnector connector, TlsShutdownOutcome outcome,
			TlsShutdownInitiator initiator, String address, long discarded) {
		try {
			return TlsShutdownEvent.builder(connector.getName(), connector.getSettings().policy(), outcome)
				.initiator(initiator)
				.protocol("TLSv1.3")
				.remoteAddress(new InetSocketAddress(InetAddress.getByName(address), 50000))
				.duration(DURATION)
				.closeNotifySent(true)
				.discardedBytes(discarded)
				.build();
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
