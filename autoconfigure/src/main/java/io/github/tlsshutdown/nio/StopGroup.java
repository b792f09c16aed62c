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

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connectors of one application. Servers stop them one after the other; if each were
 * waited for in turn, the application would stop far too late, or the last one's
 * connections would already be closed. So the time of all connections starts at once, and
 * the last connector waits for all.
 */
public final class StopGroup {

	private static final Log logger = LogFactory.getLog(StopGroup.class);

	private final Set<Object> running = Collections.newSetFromMap(new IdentityHashMap<>());

	private final Map<NioConnector, Thread> stopping = new IdentityHashMap<>();

	/**
	 * Record that one of the servers' connectors runs, with or without TLS.
	 * @param connector the server's connector
	 */
	public synchronized void started(Object connector) {
		this.running.add(connector);
	}

	/**
	 * Stop a connector without waiting for it.
	 * @param connector the connector
	 */
	public void stop(NioConnector connector) {
		if (!connector.isStarted()) {
			return;
		}
		Thread thread = new Thread(null, connector::stop, connector.getName() + "-tls-shutdown-stop", 0, false);
		thread.setContextClassLoader(StopGroup.class.getClassLoader());
		thread.setDaemon(true);
		synchronized (this) {
			this.stopping.put(connector, thread);
		}
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// Out of threads
			logger.debug("Cannot create a thread for the stop", ex);
			connector.stop();
		}
	}

	/**
	 * Record that one of the servers' connectors no longer runs. If it was the last, wait
	 * for all that were stopped.
	 * @param connector the server's connector
	 */
	public void stopped(Object connector) {
		boolean last;
		synchronized (this) {
			last = this.running.remove(connector) && this.running.isEmpty();
		}
		Thread thread;
		while (last && (thread = next()) != null) {
			last = join(thread);
		}
	}

	private synchronized @Nullable Thread next() {
		return this.stopping.isEmpty() ? null : this.stopping.remove(this.stopping.keySet().iterator().next());
	}

	/**
	 * Wait for the end of a connector that is to start again.
	 * @param connector the connector
	 */
	public void awaitStop(NioConnector connector) {
		Thread thread;
		synchronized (this) {
			thread = this.stopping.remove(connector);
		}
		if (thread != null) {
			join(thread);
		}
	}

	private static boolean join(Thread thread) {
		try {
			// Bounded by the stop itself
			thread.join();
			return true;
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted while TLS connections were waiting for their peers");
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
