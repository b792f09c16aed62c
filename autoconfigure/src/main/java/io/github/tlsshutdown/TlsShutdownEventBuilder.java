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
 * Builds an event. The defaults describe a connection that the server closed, with
 * unknown details. Created by
 * {@link TlsShutdownEvent#builder(String, TlsShutdownPolicy, TlsShutdownOutcome)}.
 *
 * @since 0.1.0
 */
public final class TlsShutdownEventBuilder {

	final String connector;

	final TlsShutdownPolicy policy;

	final TlsShutdownOutcome outcome;

	TlsShutdownInitiator initiator = TlsShutdownInitiator.LOCAL;

	String protocol = TlsShutdownEvent.UNKNOWN_PROTOCOL;

	@Nullable InetSocketAddress remoteAddress;

	Duration duration = Duration.ZERO;

	boolean closeNotifySent;

	boolean closeNotifyReceived;

	long discardedBytes;

	String decidedBy = TlsShutdownEvent.BY_PROPERTY;

	@Nullable String serverName;

	@Nullable String applicationProtocol;

	@Nullable String cipherSuite;

	@Nullable TlsShutdownInitiator truncated;

	TlsShutdownUnread unread = TlsShutdownUnread.NONE;

	@Nullable TlsShutdownNoHandshakeReason noHandshakeReason;

	TlsShutdownEventBuilder(String connector, TlsShutdownPolicy policy, TlsShutdownOutcome outcome) {
		this.connector = Objects.requireNonNull(connector, "'connector' must not be null");
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		this.outcome = Objects.requireNonNull(outcome, "'outcome' must not be null");
	}

	/**
	 * Set which side was the first to end the connection.
	 * @param initiator the initiator; {@link TlsShutdownInitiator#LOCAL} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder initiator(TlsShutdownInitiator initiator) {
		this.initiator = Objects.requireNonNull(initiator, "'initiator' must not be null");
		return this;
	}

	/**
	 * Set the TLS version.
	 * @param protocol the version as JSSE names it;
	 * {@value TlsShutdownEvent#UNKNOWN_PROTOCOL} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder protocol(String protocol) {
		this.protocol = Objects.requireNonNull(protocol, "'protocol' must not be null");
		return this;
	}

	/**
	 * Set the address of the peer.
	 * @param remoteAddress the address; {@code null} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder remoteAddress(@Nullable InetSocketAddress remoteAddress) {
		this.remoteAddress = remoteAddress;
		return this;
	}

	/**
	 * Set the time from the first step of the shutdown to the TCP close.
	 * @param duration the time; zero if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder duration(Duration duration) {
		this.duration = Objects.requireNonNull(duration, "'duration' must not be null");
		return this;
	}

	/**
	 * Set whether our close_notify was handed to TCP in full.
	 * @param closeNotifySent whether it was; {@code false} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder closeNotifySent(boolean closeNotifySent) {
		this.closeNotifySent = closeNotifySent;
		return this;
	}

	/**
	 * Set whether the peer's close_notify was received.
	 * @param closeNotifyReceived whether it was; {@code false} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder closeNotifyReceived(boolean closeNotifyReceived) {
		this.closeNotifyReceived = closeNotifyReceived;
		return this;
	}

	/**
	 * Set how much application data was discarded.
	 * @param discardedBytes the number of bytes; 0 if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder discardedBytes(long discardedBytes) {
		this.discardedBytes = discardedBytes;
		return this;
	}

	/**
	 * Set what chose the policy.
	 * @param decidedBy as {@link TlsShutdownEvent#decidedBy()}; {@code property} if not
	 * set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder decidedBy(String decidedBy) {
		this.decidedBy = Objects.requireNonNull(decidedBy, "'decidedBy' must not be null");
		return this;
	}

	/**
	 * Set the host name that the peer asked for.
	 * @param serverName the name; {@code null} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder serverName(@Nullable String serverName) {
		this.serverName = serverName;
		return this;
	}

	/**
	 * Set the application protocol that was negotiated.
	 * @param applicationProtocol the protocol; {@code null} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder applicationProtocol(@Nullable String applicationProtocol) {
		this.applicationProtocol = applicationProtocol;
		return this;
	}

	/**
	 * Set the cipher suite.
	 * @param cipherSuite the suite; {@code null} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder cipherSuite(@Nullable String cipherSuite) {
		this.cipherSuite = cipherSuite;
		return this;
	}

	/**
	 * Set which side cut off a request or a response.
	 * @param truncated the side; {@code null} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder truncated(@Nullable TlsShutdownInitiator truncated) {
		this.truncated = truncated;
		return this;
	}

	/**
	 * Set how a peer that was still sending was handled.
	 * @param unread the result; {@link TlsShutdownUnread#NONE} if not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder unread(TlsShutdownUnread unread) {
		this.unread = Objects.requireNonNull(unread, "'unread' must not be null");
		return this;
	}

	/**
	 * Set why the handshake was not completed. Ignored unless the outcome is
	 * {@link TlsShutdownOutcome#NO_HANDSHAKE}.
	 * @param noHandshakeReason the reason; {@link TlsShutdownNoHandshakeReason#OTHER} if
	 * not set
	 * @return this builder
	 */
	public TlsShutdownEventBuilder noHandshakeReason(@Nullable TlsShutdownNoHandshakeReason noHandshakeReason) {
		this.noHandshakeReason = noHandshakeReason;
		return this;
	}

	/**
	 * Return the event.
	 * @return the event
	 */
	public TlsShutdownEvent build() {
		return new TlsShutdownEvent(this);
	}

}
