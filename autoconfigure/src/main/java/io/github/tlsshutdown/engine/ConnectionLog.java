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

package io.github.tlsshutdown.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownUnread;

/**
 * A line for each connection, at a level that says whether to look at it. Where nothing
 * was lost it is TRACE, for whatever else there is DEBUG. What the server itself had to
 * do to a connection is INFO, at a limited rate.
 */
final class ConnectionLog {

	private static final Log logger = LogFactory.getLog("io.github.tlsshutdown.connection");

	private static final OccasionalLog notable = new OccasionalLog(logger);

	private ConnectionLog() {
	}

	static void log(TlsShutdownEvent event) {
		if (isNotable(event.outcome())) {
			if (logger.isDebugEnabled()) {
				logger.debug(describe(event));
			}
			else if (logger.isInfoEnabled()) {
				notable.info(() -> describe(event));
			}
		}
		else if (isTrouble(event)) {
			if (logger.isDebugEnabled()) {
				logger.debug(describe(event));
			}
		}
		else if (logger.isTraceEnabled()) {
			logger.trace(describe(event));
		}
	}

	private static boolean isNotable(TlsShutdownOutcome outcome) {
		return switch (outcome) {
			case ABORTED, FAILED, OVERFLOW -> true;
			default -> false;
		};
	}

	// What the peer does after our alert went out harms nobody
	private static boolean isTrouble(TlsShutdownEvent event) {
		boolean lost = event.truncated() != null || event.unread() == TlsShutdownUnread.CUT;
		return lost || event.outcome() == TlsShutdownOutcome.NO_HANDSHAKE
				|| (event.outcome() == TlsShutdownOutcome.TIMED_OUT && !event.closeNotifySent());
	}

	private static String describe(TlsShutdownEvent event) {
		StringBuilder line = new StringBuilder(200).append("TLS connection of ")
			.append(address(event.remoteAddress()))
			.append(" to ")
			.append(event.connector())
			.append(" ended: ")
			.append(lower(event.outcome()))
			.append(" after ")
			.append(event.duration().toNanos() / 1000)
			.append("us (policy ")
			.append(lower(event.policy()))
			.append(" by ")
			.append(event.decidedBy())
			.append(", first to close ")
			.append(lower(event.initiator()))
			.append(", ")
			.append(event.protocol());
		append(line, "application protocol", event.applicationProtocol());
		append(line, "server name", event.serverName());
		line.append(", close_notify sent ")
			.append(event.closeNotifySent())
			.append(", received ")
			.append(event.closeNotifyReceived())
			.append(", ")
			.append(event.discardedBytes())
			.append(" bytes discarded");
		append(line, "truncated by", (event.truncated() != null) ? lower(event.truncated()) : null);
		append(line, "unread", (event.unread() != TlsShutdownUnread.NONE) ? lower(event.unread()) : null);
		return line.append(')').toString();
	}

	private static void append(StringBuilder line, String name, @Nullable String value) {
		if (value != null) {
			line.append(", ").append(name).append(' ').append(value);
		}
	}

	private static String address(@Nullable InetSocketAddress socketAddress) {
		InetAddress address = (socketAddress != null) ? socketAddress.getAddress() : null;
		// Not by name, which the name server would be asked for
		return (socketAddress == null || address == null) ? "unknown"
				: address.getHostAddress() + ":" + socketAddress.getPort();
	}

	private static String lower(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
