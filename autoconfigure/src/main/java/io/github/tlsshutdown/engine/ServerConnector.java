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
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import javax.net.ssl.SSLEngine;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * What the connections of one connector share: its settings, the decision about single
 * connections, the listener, and the number of those that wait. Safe for use by several
 * threads.
 */
public class ServerConnector implements TlsShutdownConnector {

	private static final Log logger = LogFactory.getLog(ServerConnector.class);

	/**
	 * How many may wait where neither they nor the connector's connections are limited.
	 */
	private static final int MANY = 10_000;

	private final OccasionalLog overflows = new OccasionalLog(logger);

	private final OccasionalLog internalErrors = new OccasionalLog(logger);

	private final LongSupplier nanoClock;

	private final AtomicInteger pending = new AtomicInteger();

	private final OpenConnections open = new OpenConnections();

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
	}

	/**
	 * Set how connections end, who decides, and who is told. Called before the start.
	 * @param setup what to start with
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

	private void useConfiguredSettings() {
		this.settings = new Decision(resolve(this.setup.settings()), Decision.BY_PROPERTY);
	}

	private TlsShutdownSettings resolve(TlsShutdownSettings settings) {
		if (settings.maxPending() != 0) {
			return settings;
		}
		return settings.withMaxPending((this.maxConnections > 0) ? this.maxConnections : MANY);
	}

	@Override
	public int getPending() {
		return this.pending.get();
	}

	private static String describe(TlsShutdownSettings settings, PolicyDecision decision) {
		return "policy " + settings.policy().name().toLowerCase(Locale.ROOT) + " (timeout "
				+ describe(settings.timeout()) + ", max-wait " + describe(settings.maxWait())
				+ (settings.linger() ? ", linger, " : ", no linger, ") + decision + ")";
	}

	// 1m30s rather than PT1M30S
	private static String describe(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

	@Override
	public int getOpen() {
		return this.open.number();
	}

	/**
	 * Note that the connector is about to accept connections.
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
		// Asked for now, as no connection should end by making beans
		PolicyDecision decision = this.setup.decision();
		logger.info("TLS connections of " + name + " end by " + describe(getSettings(), decision));
		this.setup.listener().onConnectorStarted(this);
	}

	/**
	 * Note that a connection was accepted, whose end will be {@link #shutdown prepared}.
	 */
	public void opened() {
		this.open.opened();
	}

	/**
	 * Note that a connection is closed, or waits for its peer.
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
			logger.warn("The server has stopped, but has not closed all connections to " + this.name
					+ ": no more came for " + patience.toSeconds() + "s. They are not waited for.");
		}
	}

	/**
	 * Note that the connector has stopped, and none of its connections waits any more.
	 */
	public void stopped() {
		this.setup.listener().onConnectorStopped(this);
	}

	/**
	 * Prepare the end of a connection, to be {@link ConnectionShutdown#begin begun}.
	 * @param transport the TCP connection
	 * @param engine the engine, or {@code null} if there was none yet
	 * @param connection the connection as rules see it; {@code null} without a completed
	 * handshake, when there is nothing to decide by
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
			warnOfInternalError(ex);
			return settings;
		}
	}

	/**
	 * Count a connection that has to wait: the one place that knows how many do.
	 * @param maxPending how many may
	 * @return whether it may
	 */
	boolean admit(int maxPending) {
		int pending;
		do {
			pending = this.pending.get();
			if (pending >= maxPending) {
				warnOfOverflow("no more may wait than tls.shutdown.max-pending=" + maxPending
						+ ". Raise it, or lower tls.shutdown.timeout.");
				return false;
			}
		}
		while (!this.pending.compareAndSet(pending, pending + 1));
		return true;
	}

	LongSupplier nanoClock() {
		return this.nanoClock;
	}

	void ended(TlsShutdownEvent event, boolean pending) {
		try {
			this.setup.listener().onShutdown(event);
			ConnectionLog.log(event);
		}
		finally {
			if (pending) {
				this.pending.decrementAndGet();
			}
		}
	}

	void warnOfDiscard(long maxDiscard) {
		warnOfOverflow("its peer went on sending more than tls.shutdown.max-discard=" + maxDiscard
				+ "B. Raise it if such uploads are legitimate.");
	}

	private void warnOfOverflow(String reason) {
		this.overflows.warn("A TLS connection to " + this.name
				+ " was closed although its peer may not have received everything: " + reason, null);
	}

	void warnOfInternalError(Throwable cause) {
		try {
			this.internalErrors.warn("A TLS connection to " + this.name
					+ " was closed because its shutdown failed unexpectedly. Please report this.", cause);
		}
		catch (RuntimeException | Error ex) {
			// Whoever logs is in trouble as well
		}
	}

}
