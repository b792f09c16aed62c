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
 * Events are made by this library. To test a listener, make one with
 * {@link #builder(String, TlsShutdownPolicy, TlsShutdownOutcome)}. Later versions may add
 * to what an event tells.
 *
 * @since 0.1.0
 */
public final class TlsShutdownEvent {

	/**
	 * The {@link #protocol()} of a connection that completed no handshake.
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

	private TlsShutdownEvent(Builder builder) {
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
	}

	/**
	 * Begin an event.
	 * @param connector name of the connector that accepted the connection
	 * @param policy policy the connection was ended by
	 * @param outcome how the connection ended
	 * @return a builder for the rest
	 */
	public static Builder builder(String connector, TlsShutdownPolicy policy, TlsShutdownOutcome outcome) {
		return new Builder(connector, policy, outcome);
	}

	/**
	 * Return the name of the connector that accepted the connection.
	 * @return the name, such as {@code https-jsse-nio-8443}
	 */
	public String connector() {
		return this.connector;
	}

	/**
	 * Return the policy the connection was ended by.
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
	 * Return who was the first to end the connection.
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
	 * which was decrypted and thrown away.
	 * @return the number of bytes
	 */
	public long discardedBytes() {
		return this.discardedBytes;
	}

	/**
	 * Return what decided about the policy.
	 * @return {@code property}, {@code endpoint}, a rule as in {@code rules[1]}, the bean
	 * name of a resolver, or {@code request}
	 */
	public String decidedBy() {
		return this.decidedBy;
	}

	/**
	 * Return the host name that the peer asked for (SNI, RFC 6066 section 3). The peer
	 * chooses it.
	 * @return the name, or {@code null} if it gave none
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
	 * Return whether the peer or the server lost something, or may have: a request or a
	 * response was cut off, the server closed while the peer was sending, it gave up
	 * before its data and alert were written, one of its limits ended the connection, or
	 * TLS failed. What a peer does when it has received everything harms nobody, nor does
	 * a connection that never completed its handshake.
	 * @return whether something was lost, as far as is known
	 */
	public boolean mayHaveLost() {
		return this.truncated != null || this.unread == TlsShutdownUnread.CUT || switch (this.outcome) {
			case ABORTED, FAILED, OVERFLOW -> true;
			case TIMED_OUT -> !this.closeNotifySent;
			case SENT, COMPLETED, QUIET, UNCLEAN, RESET, NO_HANDSHAKE -> false;
		};
	}

	/**
	 * Return who cut off a request or a response in the middle. Known for HTTP/1.1; see
	 * the documentation of each server for other protocols.
	 * @return {@link TlsShutdownInitiator#PEER} if the peer left,
	 * {@link TlsShutdownInitiator#LOCAL} if the server gave up, {@code null} if as far as
	 * is known nothing was cut off
	 */
	public @Nullable TlsShutdownInitiator truncated() {
		return this.truncated;
	}

	/**
	 * Return what became of a peer that was still sending when the server closed.
	 * @return {@link TlsShutdownUnread#NONE} if it was not sending
	 */
	public TlsShutdownUnread unread() {
		return this.unread;
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
				this.closeNotifySent, this.closeNotifyReceived, this.discardedBytes, this.truncated, this.unread);
	}

	@Override
	public String toString() {
		return "TlsShutdownEvent[connector=" + this.connector + ", policy=" + this.policy + ", decidedBy="
				+ this.decidedBy + ", outcome=" + this.outcome + ", initiator=" + this.initiator + ", protocol="
				+ this.protocol + ", cipherSuite=" + this.cipherSuite + ", applicationProtocol="
				+ this.applicationProtocol + ", serverName=" + this.serverName + ", remoteAddress=" + this.remoteAddress
				+ ", duration=" + this.duration + ", closeNotifySent=" + this.closeNotifySent + ", closeNotifyReceived="
				+ this.closeNotifyReceived + ", discardedBytes=" + this.discardedBytes + ", truncated=" + this.truncated
				+ ", unread=" + this.unread + "]";
	}

	/**
	 * Builds an event. What is not set is as if the server had closed a connection about
	 * which nothing is known.
	 */
	public static final class Builder {

		private final String connector;

		private final TlsShutdownPolicy policy;

		private final TlsShutdownOutcome outcome;

		private TlsShutdownInitiator initiator = TlsShutdownInitiator.LOCAL;

		private String protocol = UNKNOWN_PROTOCOL;

		private @Nullable InetSocketAddress remoteAddress;

		private Duration duration = Duration.ZERO;

		private boolean closeNotifySent;

		private boolean closeNotifyReceived;

		private long discardedBytes;

		private String decidedBy = BY_PROPERTY;

		private @Nullable String serverName;

		private @Nullable String applicationProtocol;

		private @Nullable String cipherSuite;

		private @Nullable TlsShutdownInitiator truncated;

		private TlsShutdownUnread unread = TlsShutdownUnread.NONE;

		private Builder(String connector, TlsShutdownPolicy policy, TlsShutdownOutcome outcome) {
			this.connector = Objects.requireNonNull(connector, "'connector' must not be null");
			this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
			this.outcome = Objects.requireNonNull(outcome, "'outcome' must not be null");
		}

		/**
		 * Set who was the first to end the connection.
		 * @param initiator the initiator; {@link TlsShutdownInitiator#LOCAL} if not set
		 * @return this builder
		 */
		public Builder initiator(TlsShutdownInitiator initiator) {
			this.initiator = Objects.requireNonNull(initiator, "'initiator' must not be null");
			return this;
		}

		/**
		 * Set the TLS version.
		 * @param protocol the version as JSSE names it;
		 * {@value TlsShutdownEvent#UNKNOWN_PROTOCOL} if not set
		 * @return this builder
		 */
		public Builder protocol(String protocol) {
			this.protocol = Objects.requireNonNull(protocol, "'protocol' must not be null");
			return this;
		}

		/**
		 * Set the address of the peer.
		 * @param remoteAddress the address; {@code null} if not set
		 * @return this builder
		 */
		public Builder remoteAddress(@Nullable InetSocketAddress remoteAddress) {
			this.remoteAddress = remoteAddress;
			return this;
		}

		/**
		 * Set the time from the first step of the shutdown to the TCP close.
		 * @param duration the time; zero if not set
		 * @return this builder
		 */
		public Builder duration(Duration duration) {
			this.duration = Objects.requireNonNull(duration, "'duration' must not be null");
			return this;
		}

		/**
		 * Set whether our close_notify was handed to TCP in full.
		 * @param closeNotifySent whether it was; {@code false} if not set
		 * @return this builder
		 */
		public Builder closeNotifySent(boolean closeNotifySent) {
			this.closeNotifySent = closeNotifySent;
			return this;
		}

		/**
		 * Set whether the peer's close_notify was received.
		 * @param closeNotifyReceived whether it was; {@code false} if not set
		 * @return this builder
		 */
		public Builder closeNotifyReceived(boolean closeNotifyReceived) {
			this.closeNotifyReceived = closeNotifyReceived;
			return this;
		}

		/**
		 * Set how much application data was thrown away.
		 * @param discardedBytes the number of bytes; 0 if not set
		 * @return this builder
		 */
		public Builder discardedBytes(long discardedBytes) {
			this.discardedBytes = discardedBytes;
			return this;
		}

		/**
		 * Set what decided about the policy.
		 * @param decidedBy what did; {@code property} if not set
		 * @return this builder
		 */
		public Builder decidedBy(String decidedBy) {
			this.decidedBy = Objects.requireNonNull(decidedBy, "'decidedBy' must not be null");
			return this;
		}

		/**
		 * Set the host name that the peer asked for.
		 * @param serverName the name; {@code null} if not set
		 * @return this builder
		 */
		public Builder serverName(@Nullable String serverName) {
			this.serverName = serverName;
			return this;
		}

		/**
		 * Set the application protocol that was negotiated.
		 * @param applicationProtocol the protocol; {@code null} if not set
		 * @return this builder
		 */
		public Builder applicationProtocol(@Nullable String applicationProtocol) {
			this.applicationProtocol = applicationProtocol;
			return this;
		}

		/**
		 * Set the cipher suite.
		 * @param cipherSuite the suite; {@code null} if not set
		 * @return this builder
		 */
		public Builder cipherSuite(@Nullable String cipherSuite) {
			this.cipherSuite = cipherSuite;
			return this;
		}

		/**
		 * Set who cut off a request or a response in the middle.
		 * @param truncated who did; {@code null} if not set
		 * @return this builder
		 */
		public Builder truncated(@Nullable TlsShutdownInitiator truncated) {
			this.truncated = truncated;
			return this;
		}

		/**
		 * Set what became of a peer that was still sending.
		 * @param unread what did; {@link TlsShutdownUnread#NONE} if not set
		 * @return this builder
		 */
		public Builder unread(TlsShutdownUnread unread) {
			this.unread = Objects.requireNonNull(unread, "'unread' must not be null");
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

}
