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

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * State shared by the connections of one connector: its settings, the policy decision,
 * the listener, and the number of waiting connections. Safe for use by several threads.
 */
public class ServerConnector implements TlsShutdownConnector {

	/**
	 * How many can wait if neither they nor the connector's connections are limited.
	 */
	private static final int MANY = 10_000;

	private final ConnectorLog log = new ConnectorLog();

	private final LongSupplier nanoClock;

	private final PendingConnections pending;

	private final OpenConnections open = new OpenConnections();

	/** Instead of a port that the system chooses; 0 if not needed. */
	private volatile int number;

	private volatile String name = "unknown";

	private volatile int port = -1;

	private volatile ConnectorSetup setup = ConnectorSetup.of(TlsShutdownSettings.DEFAULTS);

	private volatile int maxConnections = -1;

	private volatile Decision settings = new Decision(resolve(TlsShutdownSettings.DEFAULTS), Decision.BY_PROPERTY);

	/**
	 * Create a connector with default settings.
	 */
	public ServerConnector() {
		this(System::nanoTime);
	}

	/**
	 * Create a connector with default settings.
	 * @param nanoClock the clock, such as {@link System#nanoTime()}
	 */
	public ServerConnector(LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
		this.pending = new PendingConnections(nanoClock);
	}

	/**
	 * Set how connections end, with resolvers and listeners. Called before the start.
	 * @param setup the configuration
	 */
	public void configure(ConnectorSetup setup) {
		this.setup = setup;
		useConfiguredSettings();
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public int getPort() {
		return this.port;
	}

	@Override
	public TlsShutdownSettings getSettings() {
		return this.settings.settings();
	}

	@Override
	public void setSettings(TlsShutdownSettings settings) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		this.settings = new Decision(resolve(settings), Decision.BY_ENDPOINT);
	}

	@Override
	public TlsShutdownSettings getConfiguredSettings() {
		return resolve(this.setup.settings());
	}

	@Override
	public List<TlsShutdownRule> getRules() {
		return this.setup.decision().rules();
	}

	@Override
	public List<String> getResolvers() {
		return this.setup.decision().resolvers();
	}

	private void useConfiguredSettings() {
		this.settings = new Decision(getConfiguredSettings(), Decision.BY_PROPERTY);
	}

	private TlsShutdownSettings resolve(TlsShutdownSettings settings) {
		if (settings.maxPending() != 0) {
			return settings;
		}
		return settings.withMaxPending((this.maxConnections > 0) ? this.maxConnections : MANY);
	}

	@Override
	public int getPending() {
		return this.pending.number();
	}

	@Override
	public Duration getPendingAtLimit() {
		return this.pending.fullFor();
	}

	@Override
	public int getOpen() {
		return this.open.number();
	}

	/**
	 * Return a name that is the same after each start.
	 * @param server the prefix of the name
	 * @param configuredPort the port the connector was configured with, 0 for any
	 * @param port the TCP port it listens on, not positive where there is none
	 * @return the name
	 */
	public String nameOf(String server, int configuredPort, int port) {
		if (port <= 0 || configuredPort != 0) {
			return (port > 0) ? server + "-" + port : server;
		}
		if (this.number == 0) {
			this.number = this.setup.nextNumber();
		}
		return server + "-auto-" + this.number;
	}

	/**
	 * Record that the connector is about to accept connections.
	 * @param name its name, with its port
	 * @param port its TCP port, or -1 where there is none
	 * @param maxConnections how many connections it accepts, not positive for any number
	 */
	public void started(String name, int port, int maxConnections) {
		this.name = name;
		this.port = port;
		this.maxConnections = maxConnections;
		useConfiguredSettings();
		DescriptorLimit.check(name, maxConnections, getSettings().maxPending());
		// Looked up now, so that no connection has to create beans when it ends
		PolicyDecision decision = this.setup.decision();
		this.log.started(name, port, getSettings(), decision);
		this.setup.listener().onConnectorStarted(this);
	}

	/**
	 * Record that a connection was accepted, whose end will be {@link #shutdown
	 * prepared}.
	 */
	public void opened() {
		this.open.opened();
	}

	/**
	 * Record that a connection is closed, or waits for its peer.
	 */
	void closed() {
		this.open.closed();
	}

	/**
	 * Wait until the server has closed every connection.
	 * @param patience how long to wait while it closes none
	 */
	protected void awaitClosed(Duration patience) {
		if (!this.open.awaitNone(patience)) {
			this.log.notClosed(patience);
		}
	}

	/**
	 * Record that the connector has stopped, and none of its connections waits any more.
	 */
	public void stopped() {
		this.setup.listener().onConnectorStopped(this);
	}

	/**
	 * Prepare the end of a connection, to be {@link ConnectionShutdown#begin begun}.
	 * @param transport the TCP connection
	 * @param engine the engine, or {@code null} if there was none yet
	 * @param connection the connection as rules see it; {@code null} without a completed
	 * handshake, when rules do not apply
	 * @param requested what its requests have asked for, if anything
	 * @return the shutdown
	 */
	public ConnectionShutdown shutdown(Transport transport, @Nullable SSLEngine engine,
			@Nullable TlsShutdownConnection connection, @Nullable RequestedEnd requested) {
		Decision decision = (connection != null) ? decide(connection, requested) : this.settings;
		return new ConnectionShutdown(this, transport, engine, decision, connection, requested == RequestedEnd.ABORT);
	}

	private Decision decide(TlsShutdownConnection connection, @Nullable RequestedEnd requested) {
		Decision settings = this.settings;
		try {
			return this.setup.decision().decide(connection, requested, settings);
		}
		catch (RuntimeException | Error ex) {
			this.log.internalError(ex);
			return settings;
		}
	}

	/**
	 * Count a connection that has to wait. Only this method counts them.
	 * @param maxPending how many can wait
	 * @return whether it can
	 */
	boolean admit(int maxPending) {
		if (this.pending.add(maxPending)) {
			return true;
		}
		this.log.maxPendingReached(maxPending);
		return false;
	}

	LongSupplier nanoClock() {
		return this.nanoClock;
	}

	void ended(Supplier<TlsShutdownEvent> event, boolean pending) {
		try {
			this.setup.listener().onShutdown(event.get());
		}
		finally {
			if (pending) {
				this.pending.remove();
			}
		}
	}

	ConnectorLog log() {
		return this.log;
	}

}
