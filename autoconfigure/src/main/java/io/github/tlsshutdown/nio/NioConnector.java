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

package io.github.tlsshutdown.nio;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.Admission;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.ServerConnector;

/**
 * A connector with its own thread for waiting connections.
 */
public class NioConnector extends ServerConnector {

	/** How long a server can take to close one more connection. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private volatile @Nullable ShutdownReactor reactor;

	/**
	 * Create a connector with default settings.
	 */
	public NioConnector() {
	}

	NioConnector(LongSupplier nanoClock) {
		super(nanoClock);
	}

	@Override
	public void started(String name, int port, int maxConnections) {
		started(name, port, maxConnections, new ShutdownReactor(name + "-tls-shutdown"));
	}

	void started(String name, int port, int maxConnections, ShutdownReactor reactor) {
		this.reactor = reactor;
		super.started(name, port, maxConnections);
	}

	/**
	 * Wait until the server has closed its connections, give those that wait the
	 * {@code timeout} of their settings, then close them. Returns when none is left; does
	 * nothing if not started.
	 */
	public void stop() {
		ShutdownReactor reactor = this.reactor;
		if (reactor != null) {
			// Until then, some connections have not had their time
			awaitClosed(PATIENCE);
			if (reactor.stop(getSettings().timeout())) {
				stopped();
			}
		}
	}

	boolean isStarted() {
		ShutdownReactor reactor = this.reactor;
		return reactor != null && !reactor.isStopping();
	}

	Admission offer(ConnectionShutdown shutdown) {
		ShutdownReactor reactor = this.reactor;
		return (reactor != null) ? reactor.offer(shutdown) : Admission.STOPPED;
	}

}
