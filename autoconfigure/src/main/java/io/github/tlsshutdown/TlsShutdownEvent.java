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

	@Override
	public boolean equals(@Nullable Object object) {
		if (this == object) {
			return true;
		}
		return object instanceof TlsShutdownEvent other && this.connector.equals(other.connector)
				&& this.policy == other.policy && this.outcome == other.outcome && this.initiator == other.initiator
				&& this.protocol.equals(other.protocol) && Objects.equals(this.remoteAddress, other.remoteAddress)
				&& this.duration.equals(other.duration) && this.closeNotifySent == other.closeNotifySent
				&& this.closeNotifyReceived == other.closeNotifyReceived && this.discardedBytes == other.discardedBytes;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.connector, this.policy, this.outcome, this.initiator, this.protocol,
				this.remoteAddress, this.duration, this.closeNotifySent, this.closeNotifyReceived, this.discardedBytes);
	}

	@Override
	public String toString() {
		return "TlsShutdownEvent[connector=" + this.connector + ", policy=" + this.policy + ", outcome=" + this.outcome
				+ ", initiator=" + this.initiator + ", protocol=" + this.protocol + ", remoteAddress="
				+ this.remoteAddress + ", duration=" + this.duration + ", closeNotifySent=" + this.closeNotifySent
				+ ", closeNotifyReceived=" + this.closeNotifyReceived + ", discardedBytes=" + this.discardedBytes + "]";
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
		 * Return the event.
		 * @return the event
		 */
		public TlsShutdownEvent build() {
			return new TlsShutdownEvent(this);
		}

	}

}
