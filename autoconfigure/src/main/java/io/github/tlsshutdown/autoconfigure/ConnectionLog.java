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

package io.github.tlsshutdown.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.engine.OncePerMinute;

/**
 * Logs a line for each connection, at a level that shows whether to look at it: TRACE if
 * nothing was lost, DEBUG otherwise, and INFO at a limited rate for what the server
 * itself did to a connection. All properties of the event are added as key-value pairs,
 * which structured logging writes as fields.
 */
final class ConnectionLog implements TlsShutdownListener {

	private static final Logger logger = LoggerFactory.getLogger("io.github.tlsshutdown.connection");

	private final OncePerMinute rate = new OncePerMinute();

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		Level level = level(event);
		if (!logger.isEnabledForLevel(level)) {
			return;
		}
		if (level != Level.INFO) {
			log(level, describe(event), event);
		}
		else if (logger.isDebugEnabled()) {
			log(Level.DEBUG, describe(event), event);
		}
		else if (this.rate.isDue()) {
			log(Level.INFO, this.rate.complete(describe(event)), event);
		}
	}

	private static Level level(TlsShutdownEvent event) {
		return switch (event.outcome()) {
			case ABORTED, FAILED, OVERFLOW -> Level.INFO;
			case NO_HANDSHAKE -> Level.DEBUG;
			default -> event.mayHaveLost() ? Level.DEBUG : Level.TRACE;
		};
	}

	private static void log(Level level, String message, TlsShutdownEvent event) {
		LoggingEventBuilder line = logger.atLevel(level).setMessage(message);
		for (Map.Entry<String, Object> field : fields(event).entrySet()) {
			line = line.addKeyValue("tls.shutdown." + field.getKey(), field.getValue());
		}
		line.log();
	}

	private static Map<String, Object> fields(TlsShutdownEvent event) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("connector", event.connector());
		putIfKnown(fields, "remote_address", event.remoteHostAndPort());
		putIfKnown(fields, "outcome", lower(event.outcome()));
		putIfKnown(fields, "no_handshake_reason", lower(event.noHandshakeReason()));
		fields.put("duration_us", micros(event));
		putIfKnown(fields, "policy", lower(event.policy()));
		fields.put("decided_by", event.decidedBy());
		putIfKnown(fields, "initiator", lower(event.initiator()));
		fields.put("protocol", event.protocol());
		putIfKnown(fields, "cipher_suite", event.cipherSuite());
		putIfKnown(fields, "application_protocol", event.applicationProtocol());
		putIfKnown(fields, "server_name", event.serverName());
		fields.put("close_notify_sent", event.closeNotifySent());
		fields.put("close_notify_received", event.closeNotifyReceived());
		fields.put("discarded_bytes", event.discardedBytes());
		putIfKnown(fields, "truncated", lower(event.truncated()));
		putIfKnown(fields, "unread", lower(event.unread()));
		return fields;
	}

	private static void putIfKnown(Map<String, Object> fields, String name, @Nullable String value) {
		if (value != null) {
			fields.put(name, value);
		}
	}

	private static String describe(TlsShutdownEvent event) {
		String peer = event.remoteHostAndPort();
		StringBuilder line = new StringBuilder(200).append("TLS connection of ")
			.append((peer != null) ? peer : "unknown")
			.append(" to ")
			.append(event.connector())
			.append(" ended: ")
			.append(lower(event.outcome()))
			.append(" after ")
			.append(micros(event))
			.append("us (policy ")
			.append(lower(event.policy()))
			.append(" by ")
			.append(event.decidedBy())
			.append(", first to close ")
			.append(lower(event.initiator()))
			.append(", ")
			.append(event.protocol());
		append(line, "reason", lower(event.noHandshakeReason()));
		append(line, "application protocol", event.applicationProtocol());
		append(line, "server name", event.serverName());
		line.append(", close_notify sent ")
			.append(event.closeNotifySent())
			.append(", received ")
			.append(event.closeNotifyReceived())
			.append(", ")
			.append(event.discardedBytes())
			.append(" bytes discarded");
		append(line, "truncated by", lower(event.truncated()));
		append(line, "unread", (event.unread() != TlsShutdownUnread.NONE) ? lower(event.unread()) : null);
		return line.append(')').toString();
	}

	private static void append(StringBuilder line, String name, @Nullable String value) {
		if (value != null) {
			line.append(", ").append(name).append(' ').append(value);
		}
	}

	private static long micros(TlsShutdownEvent event) {
		return event.duration().toNanos() / 1000;
	}

	private static @Nullable String lower(@Nullable Enum<?> constant) {
		return (constant != null) ? constant.name().toLowerCase(Locale.ROOT) : null;
	}

}
