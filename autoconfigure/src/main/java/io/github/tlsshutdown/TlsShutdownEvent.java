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
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The end of one TLS connection. Immutable.
 * <p>
 * Events are created by this library. To test a listener, create one with
 * {@link #builder(String, TlsShutdownPolicy, TlsShutdownOutcome)}. Later versions may add
 * properties.
 *
 * @since 0.1.0
 */
public final class TlsShutdownEvent {

	/**
	 * The {@link #protocol()} of a connection that did not complete a handshake.
	 */
	public static final String UNKNOWN_PROTOCOL = "unknown";

	static final String BY_PROPERTY = "property";

	private final String connector;

	private final TlsShutdownPolicy policy;

	private final TlsShutdownOutcome outcome;

	private final TlsShutdownInitiator initiator;

	private final String protocol;

	private final @Nullable InetSocketAddress remoteAddress;

	private final Duration duration;

	private final boolean closeNotifySent;

	private final boolean closeNotifyReceived;

	private final long discardedBytes;

	private final String decidedBy;

	private final @Nullable String serverName;

	private final @Nullable String applicationProtocol;

	private final @Nullable String cipherSuite;

	private final @Nullable TlsShutdownInitiator truncated;

	private final TlsShutdownUnread unread;

	private final @Nullable TlsShutdownNoHandshakeReason noHandshakeReason;

	TlsShutdownEvent(TlsShutdownEventBuilder builder) {
		this.connector = builder.connector;
		this.policy = builder.policy;
		this.outcome = builder.outcome;
		this.initiator = builder.initiator;
		this.protocol = builder.protocol;
		this.remoteAddress = builder.remoteAddress;
		this.duration = builder.duration;
		this.closeNotifySent = builder.closeNotifySent;
		this.closeNotifyReceived = builder.closeNotifyReceived;
		this.discardedBytes = builder.discardedBytes;
		this.decidedBy = builder.decidedBy;
		this.serverName = builder.serverName;
		this.applicationProtocol = builder.applicationProtocol;
		this.cipherSuite = builder.cipherSuite;
		this.truncated = builder.truncated;
		this.unread = builder.unread;
		this.noHandshakeReason = (this.outcome != TlsShutdownOutcome.NO_HANDSHAKE) ? null
				: Objects.requireNonNullElse(builder.noHandshakeReason, TlsShutdownNoHandshakeReason.OTHER);
	}

	/**
	 * Return a builder for an event.
	 * @param connector name of the connector that accepted the connection
	 * @param policy policy by which the connection was ended
	 * @param outcome how the connection ended
	 * @return a builder for the rest
	 */
	public static TlsShutdownEventBuilder builder(String connector, TlsShutdownPolicy policy,
			TlsShutdownOutcome outcome) {
		return new TlsShutdownEventBuilder(connector, policy, outcome);
	}

	/**
	 * Return the name of the connector that accepted the connection.
	 * @return the name, such as {@code https-jsse-nio-8443}
	 */
	public String connector() {
		return this.connector;
	}

	/**
	 * Return the policy by which the connection was ended.
	 * @return the policy
	 */
	public TlsShutdownPolicy policy() {
		return this.policy;
	}

	/**
	 * Return how the connection ended.
	 * @return the outcome
	 */
	public TlsShutdownOutcome outcome() {
		return this.outcome;
	}

	/**
	 * Return which side was the first to end the connection.
	 * @return the initiator
	 */
	public TlsShutdownInitiator initiator() {
		return this.initiator;
	}

	/**
	 * Return the TLS version.
	 * @return the version as JSSE names it, such as {@code TLSv1.3}, or
	 * {@value #UNKNOWN_PROTOCOL} where no handshake was completed
	 */
	public String protocol() {
		return this.protocol;
	}

	/**
	 * Return the address of the peer.
	 * @return the address, or {@code null} where the transport has none
	 */
	public @Nullable InetSocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	/**
	 * Return the address of the peer as text, without a DNS lookup: never a name.
	 * @return the address, such as {@code 192.0.2.1:39160} or
	 * {@code [2001:db8::1]:39160}, or {@code null} where the transport has none
	 */
	public @Nullable String remoteHostAndPort() {
		return HostAndPort.of(this.remoteAddress);
	}

	/**
	 * Return the time from the first step of the shutdown to the TCP close.
	 * @return the time
	 */
	public Duration duration() {
		return this.duration;
	}

	/**
	 * Return whether our close_notify was handed to TCP in full.
	 * @return whether it was
	 */
	public boolean closeNotifySent() {
		return this.closeNotifySent;
	}

	/**
	 * Return whether the peer's close_notify was received.
	 * @return whether it was
	 */
	public boolean closeNotifyReceived() {
		return this.closeNotifyReceived;
	}

	/**
	 * Return how much application data the peer sent while the server waited for it,
	 * which was decrypted and discarded.
	 * @return the number of bytes
	 */
	public long discardedBytes() {
		return this.discardedBytes;
	}

	/**
	 * Return what chose the policy.
	 * @return {@code property}, {@code endpoint}, a rule as in {@code rules[1]}, the bean
	 * name of a resolver, or {@code request}
	 */
	public String decidedBy() {
		return this.decidedBy;
	}

	/**
	 * Return the host name that the peer asked for (SNI, RFC 6066 section 3). Its value
	 * is controlled by the peer.
	 * @return the name, or {@code null} if it sent none
	 */
	public @Nullable String serverName() {
		return this.serverName;
	}

	/**
	 * Return the application protocol that was negotiated (ALPN).
	 * @return the protocol, such as {@code h2}, or {@code null} if there was none
	 */
	public @Nullable String applicationProtocol() {
		return this.applicationProtocol;
	}

	/**
	 * Return the cipher suite.
	 * @return the suite as JSSE names it, or {@code null} where no handshake was
	 * completed
	 */
	public @Nullable String cipherSuite() {
		return this.cipherSuite;
	}

	/**
	 * Return whether the peer or the server lost data, or may have: a request or a
	 * response was cut off, the server closed while the peer was sending, it gave up
	 * before its data and alert were written, one of its limits ended the connection, or
	 * TLS failed. A peer that closes abruptly after it has received everything does not
	 * count, nor does a connection that never completed its handshake.
	 * @return whether data was lost, as far as is known
	 */
	public boolean mayHaveLost() {
		return this.truncated != null || this.unread == TlsShutdownUnread.CUT || switch (this.outcome) {
			case ABORTED, FAILED, OVERFLOW -> true;
			case TIMED_OUT -> !this.closeNotifySent;
			case SENT, COMPLETED, QUIET, UNCLEAN, RESET, NO_HANDSHAKE -> false;
		};
	}

	/**
	 * Return which side cut off a request or a response. Known for HTTP/1.1; see the
	 * documentation of each server for other protocols.
	 * @return {@link TlsShutdownInitiator#PEER} if the peer left,
	 * {@link TlsShutdownInitiator#LOCAL} if the server gave up, {@code null} if nothing
	 * is known to have been cut off
	 */
	public @Nullable TlsShutdownInitiator truncated() {
		return this.truncated;
	}

	/**
	 * Return how a peer that was still sending when the server closed was handled.
	 * @return {@link TlsShutdownUnread#NONE} if it was not sending
	 */
	public TlsShutdownUnread unread() {
		return this.unread;
	}

	/**
	 * Return why the handshake was not completed.
	 * @return the reason; {@code null} unless the outcome is
	 * {@link TlsShutdownOutcome#NO_HANDSHAKE}
	 */
	public @Nullable TlsShutdownNoHandshakeReason noHandshakeReason() {
		return this.noHandshakeReason;
	}

	@Override
	public boolean equals(@Nullable Object object) {
		return object instanceof TlsShutdownEvent other && values().equals(other.values());
	}

	@Override
	public int hashCode() {
		return values().hashCode();
	}

	private List<@Nullable Object> values() {
		return Arrays.asList(this.connector, this.policy, this.decidedBy, this.outcome, this.initiator, this.protocol,
				this.cipherSuite, this.applicationProtocol, this.serverName, this.remoteAddress, this.duration,
				this.closeNotifySent, this.closeNotifyReceived, this.discardedBytes, this.truncated, this.unread,
				this.noHandshakeReason);
	}

	@Override
	public String toString() {
		return "TlsShutdownEvent[connector=" + this.connector + ", policy=" + this.policy + ", decidedBy="
				+ this.decidedBy + ", outcome=" + this.outcome + ", initiator=" + this.initiator + ", protocol="
				+ this.protocol + ", cipherSuite=" + this.cipherSuite + ", applicationProtocol="
				+ this.applicationProtocol + ", serverName=" + this.serverName + ", remoteAddress="
				+ remoteHostAndPort() + ", duration=" + this.duration + ", closeNotifySent=" + this.closeNotifySent
				+ ", closeNotifyReceived=" + this.closeNotifyReceived + ", discardedBytes=" + this.discardedBytes
				+ ", truncated=" + this.truncated + ", unread=" + this.unread + ", noHandshakeReason="
				+ this.noHandshakeReason + "]";
	}

}
