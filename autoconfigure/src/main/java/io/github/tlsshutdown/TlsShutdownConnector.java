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

import java.time.Duration;
import java.util.List;

/**
 * A started server connector that ends its TLS connections by a policy. Safe for use by
 * several threads. Not to be implemented by applications: methods may be added in later
 * versions.
 *
 * @since 0.1.0
 */
public interface TlsShutdownConnector {

	/**
	 * Return the name of this connector, with its port. If the system chooses the port,
	 * the name contains a number instead that is the same after each start.
	 * @return the name, such as {@code https-jsse-nio-8443} or
	 * {@code https-jsse-nio-auto-1}
	 */
	String getName();

	/**
	 * Return the TCP port this connector listens on.
	 * @return the port, or -1 where the transport has none
	 */
	int getPort();

	/**
	 * Return the settings that apply to the next connection to end.
	 * @return the settings; their {@link TlsShutdownSettings#maxPending()} is the
	 * effective number, at least 1, even if it was not set
	 */
	TlsShutdownSettings getSettings();

	/**
	 * Return the settings that this connector started with.
	 * @return the settings, which {@link #setSettings(TlsShutdownSettings)} does not
	 * change
	 */
	TlsShutdownSettings getConfiguredSettings();

	/**
	 * Change the settings. Connections that are already ending keep theirs.
	 * @param settings the settings for every connection that ends from now on; must not
	 * be {@code null}
	 * @throws NullPointerException if the settings are {@code null}
	 */
	void setSettings(TlsShutdownSettings settings);

	/**
	 * Return the rules that can apply to single connections instead.
	 * @return the rules, in the order in which they are tried
	 */
	List<TlsShutdownRule> getRules();

	/**
	 * Return the resolvers that can choose the policy of single connections, before any
	 * rule.
	 * @return the names of their beans, in the order in which they are called
	 */
	List<String> getResolvers();

	/**
	 * Return how many connections are waiting for their peers.
	 * @return the number of connections, at most {@link TlsShutdownSettings#maxPending()}
	 */
	int getPending();

	/**
	 * Return for how long this connector has been at its limit of waiting connections:
	 * from when {@link TlsShutdownSettings#maxPending()} connections were waiting until
	 * fewer than 90 % of that number are.
	 * @return the time, or zero if it is not at the limit
	 */
	Duration getPendingAtLimit();

	/**
	 * Return how many connections are open: accepted, and not yet closed by the server.
	 * Those that are {@link #getPending() waiting for their peers} do not count. Every
	 * accepted connection is open, waits, or has had its event.
	 * @return the number of connections
	 */
	int getOpen();

}
