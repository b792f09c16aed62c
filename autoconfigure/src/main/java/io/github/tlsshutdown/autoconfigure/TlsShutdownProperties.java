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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Properties of TLS shutdown.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("tls.shutdown")
public class TlsShutdownProperties {

	/**
	 * Whether to end the server's TLS connections by a policy, and record how they end.
	 */
	private boolean enabled = true;

	/**
	 * How TLS connections end: send close_notify and close, also wait for the client's
	 * close_notify, or send nothing.
	 */
	private TlsShutdownPolicy policy = TlsShutdownPolicy.UNIDIRECTIONAL;

	/**
	 * Whether to keep a connection open while its client may still be sending, so that it
	 * can read the response. If it is closed at once, the client loses what it has not
	 * read yet.
	 */
	private boolean linger = true;

	/**
	 * Time without progress, neither reading our data nor sending a byte, after which a
	 * connection is closed. More than 0 and at most 1h.
	 */
	private Duration timeout = Duration.ofSeconds(3);

	/**
	 * Longest time for the shutdown of one connection, even if the client makes progress.
	 * At least the timeout and at most 1h.
	 */
	private Duration maxWait = Duration.ofSeconds(30);

	/**
	 * Number of connections of one connector that can wait for their clients at once. At
	 * least 1. If not set, as many as the connector accepts connections.
	 */
	private @Nullable Integer maxPending;

	/**
	 * Most application data discarded for one waiting connection. At least 1B.
	 */
	private DataSize maxDiscard = DataSize.ofMegabytes(64);

	/**
	 * Whether to close idle connections as soon as a graceful stop begins, so that no
	 * client sends its next request on them.
	 */
	private boolean drainIdle = true;

	/**
	 * Rules for single connections. The first rule that matches is applied.
	 */
	private final List<Rule> rules = new ArrayList<>();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public TlsShutdownPolicy getPolicy() {
		return this.policy;
	}

	public void setPolicy(TlsShutdownPolicy policy) {
		this.policy = policy;
	}

	public boolean isLinger() {
		return this.linger;
	}

	public void setLinger(boolean linger) {
		this.linger = linger;
	}

	public Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	public Duration getMaxWait() {
		return this.maxWait;
	}

	public void setMaxWait(Duration maxWait) {
		this.maxWait = maxWait;
	}

	public @Nullable Integer getMaxPending() {
		return this.maxPending;
	}

	public void setMaxPending(@Nullable Integer maxPending) {
		this.maxPending = maxPending;
	}

	public DataSize getMaxDiscard() {
		return this.maxDiscard;
	}

	public void setMaxDiscard(DataSize maxDiscard) {
		this.maxDiscard = maxDiscard;
	}

	public boolean isDrainIdle() {
		return this.drainIdle;
	}

	public void setDrainIdle(boolean drainIdle) {
		this.drainIdle = drainIdle;
	}

	public List<Rule> getRules() {
		return this.rules;
	}

	/**
	 * A rule: criteria, which must all match, and settings. A criterion with several
	 * values matches if any of them does.
	 */
	public static class Rule {

		/**
		 * Client addresses, or blocks such as 10.0.0.0/8 and fd00::/8.
		 */
		private @Nullable List<String> remoteAddress;

		/**
		 * Host names that clients ask for (SNI). An asterisk matches any characters.
		 */
		private @Nullable List<String> serverName;

		/**
		 * TLS versions, such as TLSv1.2.
		 */
		private @Nullable List<String> protocol;

		/**
		 * Application protocols: h2 if that was negotiated (ALPN), http/1.1 otherwise.
		 */
		private @Nullable List<String> applicationProtocol;

		/**
		 * TCP ports that clients connect to.
		 */
		private @Nullable List<Integer> localPort;

		/**
		 * How connections that match end.
		 */
		private @Nullable TlsShutdownPolicy policy;

		/**
		 * Whether connections that match linger. The general setting if not set.
		 */
		private @Nullable Boolean linger;

		/**
		 * Time without progress after which a connection that matches is closed. At most
		 * the general maximum wait; the general timeout if not set.
		 */
		private @Nullable Duration timeout;

		public @Nullable List<String> getRemoteAddress() {
			return this.remoteAddress;
		}

		public void setRemoteAddress(@Nullable List<String> remoteAddress) {
			this.remoteAddress = remoteAddress;
		}

		public @Nullable List<String> getServerName() {
			return this.serverName;
		}

		public void setServerName(@Nullable List<String> serverName) {
			this.serverName = serverName;
		}

		public @Nullable List<String> getProtocol() {
			return this.protocol;
		}

		public void setProtocol(@Nullable List<String> protocol) {
			this.protocol = protocol;
		}

		public @Nullable List<String> getApplicationProtocol() {
			return this.applicationProtocol;
		}

		public void setApplicationProtocol(@Nullable List<String> applicationProtocol) {
			this.applicationProtocol = applicationProtocol;
		}

		public @Nullable List<Integer> getLocalPort() {
			return this.localPort;
		}

		public void setLocalPort(@Nullable List<Integer> localPort) {
			this.localPort = localPort;
		}

		public @Nullable TlsShutdownPolicy getPolicy() {
			return this.policy;
		}

		public void setPolicy(@Nullable TlsShutdownPolicy policy) {
			this.policy = policy;
		}

		public @Nullable Boolean getLinger() {
			return this.linger;
		}

		public void setLinger(@Nullable Boolean linger) {
			this.linger = linger;
		}

		public @Nullable Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(@Nullable Duration timeout) {
			this.timeout = timeout;
		}

	}

}
