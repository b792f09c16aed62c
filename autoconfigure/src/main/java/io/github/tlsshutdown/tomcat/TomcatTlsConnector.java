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

package io.github.tlsshutdown.tomcat;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * What the connections of one connector share: its settings, its listener and the reactor
 * that waits for their peers.
 */
final class TomcatTlsConnector implements TlsShutdownConnector {

	private static final Log logger = LogFactory.getLog(TomcatTlsConnector.class);

	private final OccasionalLog overflows = new OccasionalLog(logger);

	private final OccasionalLog internalErrors = new OccasionalLog(logger);

	private final LongSupplier nanoClock;

	private volatile String name = "unknown";

	private volatile int port = -1;

	private volatile TlsShutdownSettings settings = TlsShutdownSettings.DEFAULTS;

	private volatile PolicyDecision decision = PolicyDecision.none();

	private volatile TlsShutdownListener listener = (event) -> {
	};

	private volatile @Nullable ShutdownReactor reactor;

	TomcatTlsConnector() {
		this(System::nanoTime);
	}

	TomcatTlsConnector(LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
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
		return this.settings;
	}

	@Override
	public void setSettings(TlsShutdownSettings settings) {
		this.settings = settings;
	}

	@Override
	public int getPending() {
		ShutdownReactor reactor = this.reactor;
		return (reactor != null) ? reactor.getPending() : 0;
	}

	void setDecision(PolicyDecision decision) {
		this.decision = decision;
	}

	/**
	 * Return the settings that one connection ends by.
	 * @param connection the connection
	 * @return the settings
	 */
	TlsShutdownSettings settingsFor(ClosingConnection connection) {
		try {
			return this.decision.decide(connection, this.settings);
		}
		catch (RuntimeException | Error ex) {
			warnOfInternalError(ex);
			return this.settings;
		}
	}

	void setListener(TlsShutdownListener listener) {
		this.listener = listener;
	}

	void start(String name, int port) {
		start(name, port, new ShutdownReactor(name + "-tls-shutdown"));
	}

	void start(String name, int port, ShutdownReactor reactor) {
		this.name = name;
		this.port = port;
		this.reactor = reactor;
		this.listener.onConnectorStarted(this);
	}

	/**
	 * Give the connections that wait the silence their settings allow, then close them.
	 * Returns when none is left; does nothing if not started.
	 */
	void stop() {
		ShutdownReactor reactor = this.reactor;
		if (reactor != null && reactor.stop(this.settings.timeout())) {
			this.listener.onConnectorStopped(this);
		}
	}

	/**
	 * Let the reactor finish a shutdown.
	 * @param shutdown the shutdown
	 * @return what became of it
	 */
	ShutdownReactor.Admission offer(ConnectionShutdown shutdown) {
		ShutdownReactor reactor = this.reactor;
		return (reactor != null) ? reactor.offer(shutdown) : ShutdownReactor.Admission.STOPPED;
	}

	long nanoTime() {
		return this.nanoClock.getAsLong();
	}

	void ended(TlsShutdownEvent event) {
		this.listener.onShutdown(event);
		if (logger.isDebugEnabled()) {
			logger.debug(describe(event));
		}
	}

	void warnOfOverflow(String reason) {
		this.overflows.warn(
				"A TLS connection to " + this.name + " was closed before its peer's close_notify came: " + reason,
				null);
	}

	void warnOfInternalError(Throwable cause) {
		this.internalErrors.warn("A TLS connection to " + this.name
				+ " was closed because its shutdown failed unexpectedly. Please report this.", cause);
	}

	private static String describe(TlsShutdownEvent event) {
		Duration duration = event.duration();
		return "TLS connection of " + event.remoteAddress() + " to " + event.connector() + " ended: " + event.outcome()
				+ " after " + duration.toNanos() / 1000 + "us (policy " + event.policy() + ", first to close "
				+ event.initiator() + ", " + event.protocol() + ", close_notify sent " + event.closeNotifySent()
				+ ", received " + event.closeNotifyReceived() + ", " + event.discardedBytes() + " bytes discarded)";
	}

}
