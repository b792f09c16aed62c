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

package io.github.tlsshutdown.actuate;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;

/**
 * A shutdown in which something was lost, as {@link TlsShutdownEndpoint} shows it.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "time", "connector", "outcome", "initiator", "policy", "decidedBy", "protocol", "cipherSuite",
		"applicationProtocol", "serverName", "remoteAddress", "duration", "closeNotifySent", "closeNotifyReceived",
		"discardedBytes", "truncated", "unread" })
public final class RecentShutdownDescriptor {

	private final Instant time;

	private final TlsShutdownEvent event;

	private final @Nullable Object remoteAddress;

	RecentShutdownDescriptor(Instant time, TlsShutdownEvent event, @Nullable Object remoteAddress) {
		this.time = time;
		this.event = event;
		this.remoteAddress = remoteAddress;
	}

	/**
	 * Return when the connection was closed.
	 * @return the time
	 */
	public Instant getTime() {
		return this.time;
	}

	/**
	 * Return the name of the connector.
	 * @return the name
	 */
	public String getConnector() {
		return this.event.connector();
	}

	/**
	 * Return how the connection ended.
	 * @return the outcome, in lower case
	 */
	public String getOutcome() {
		return Values.of(this.event.outcome());
	}

	/**
	 * Return which side was the first to close the connection.
	 * @return the initiator, in lower case
	 */
	public String getInitiator() {
		return Values.of(this.event.initiator());
	}

	/**
	 * Return the policy by which the connection was ended.
	 * @return the policy, in lower case
	 */
	public String getPolicy() {
		return Values.of(this.event.policy());
	}

	/**
	 * Return what chose the policy.
	 * @return {@code property}, {@code endpoint}, a rule as in {@code rules[1]}, the bean
	 * name of a resolver, or {@code request}
	 */
	public String getDecidedBy() {
		return this.event.decidedBy();
	}

	/**
	 * Return the TLS version.
	 * @return the version
	 */
	public String getProtocol() {
		return this.event.protocol();
	}

	/**
	 * Return the cipher suite.
	 * @return the suite, or {@code null} where no handshake was completed
	 */
	public @Nullable String getCipherSuite() {
		return this.event.cipherSuite();
	}

	/**
	 * Return the application protocol that was negotiated (ALPN).
	 * @return the protocol, or {@code null} if there was none
	 */
	public @Nullable String getApplicationProtocol() {
		return this.event.applicationProtocol();
	}

	/**
	 * Return the host name that the peer asked for (SNI).
	 * @return the name, or {@code null} if it sent none
	 */
	public @Nullable String getServerName() {
		return this.event.serverName();
	}

	/**
	 * Return the peer's address and port.
	 * @return the address, or its sanitized value
	 */
	public @Nullable Object getRemoteAddress() {
		return this.remoteAddress;
	}

	/**
	 * Return the time from the first step of the shutdown to the TCP close.
	 * @return the time
	 */
	public Duration getDuration() {
		return this.event.duration();
	}

	/**
	 * Return whether the server's close_notify was sent.
	 * @return whether it was
	 */
	public boolean isCloseNotifySent() {
		return this.event.closeNotifySent();
	}

	/**
	 * Return whether the peer's close_notify was received.
	 * @return whether it was
	 */
	public boolean isCloseNotifyReceived() {
		return this.event.closeNotifyReceived();
	}

	/**
	 * Return how much application data was discarded.
	 * @return the number of bytes
	 */
	public long getDiscardedBytes() {
		return this.event.discardedBytes();
	}

	/**
	 * Return which side cut off a request or a response.
	 * @return {@code peer}, {@code local}, or {@code null} if nothing was cut off
	 */
	public @Nullable String getTruncated() {
		TlsShutdownInitiator side = this.event.truncated();
		return (side != null) ? Values.of(side) : null;
	}

	/**
	 * Return how a peer that was still sending was handled.
	 * @return {@code none}, {@code drained} or {@code cut}
	 */
	public String getUnread() {
		return Values.of(this.event.unread());
	}

}
