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

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.Admission;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.OccasionalLog;

/**
 * Finishes shutdowns that have to wait for their peers: one daemon thread for all
 * connections of a connector, started with the first that waits. Other threads use this
 * class; the thread itself runs {@link ReactorLoop}. A loop that has failed is replaced.
 */
final class ShutdownReactor {

	private static final Log logger = LogFactory.getLog(ShutdownReactor.class);

	private static final OccasionalLog startFailures = new OccasionalLog(logger);

	/** How long the thread can take to close the remaining connections. */
	private static final Duration GRACE = Duration.ofSeconds(10);

	private final SelectorProvider selectors;

	private final ThreadFactory threads;

	private final LongSupplier nanoClock;

	private final Object lifecycleMonitor = new Object();

	private volatile @Nullable ReactorLoop loop;

	/** The loop's thread, and those of failed loops that may not have ended. */
	private final List<Thread> started = new ArrayList<>();

	private volatile boolean stopping;

	ShutdownReactor(String threadName) {
		this(SelectorProvider.provider(), (loop) -> daemon(threadName, loop), System::nanoTime);
	}

	ShutdownReactor(SelectorProvider selectors, ThreadFactory threads, LongSupplier nanoClock) {
		this.selectors = selectors;
		this.threads = threads;
		this.nanoClock = nanoClock;
	}

	private static Thread daemon(String name, Runnable loop) {
		// Must not inherit from the request thread that starts it
		Thread thread = new Thread(null, loop, name, 0, false);
		thread.setContextClassLoader(ShutdownReactor.class.getClassLoader());
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Take over a shutdown. Called by any thread; does not wait.
	 * @param shutdown the shutdown; not to be touched by the caller once admitted
	 * @return whether it was admitted
	 */
	Admission offer(ConnectionShutdown shutdown) {
		while (true) {
			ReactorLoop loop = this.loop;
			if (loop == null || loop.isOver()) {
				loop = startIfNeeded();
			}
			if (loop == null) {
				return this.stopping ? Admission.STOPPED : Admission.UNAVAILABLE;
			}
			if (loop.add(shutdown)) {
				return Admission.ADMITTED;
			}
		}
	}

	private @Nullable ReactorLoop startIfNeeded() {
		synchronized (this.lifecycleMonitor) {
			// Under the monitor, so that stop() sees either the thread, or that none can
			// be started
			ReactorLoop loop = this.loop;
			if (loop != null && !loop.isOver()) {
				return loop;
			}
			try {
				return this.stopping ? null : start(this.selectors.openSelector());
			}
			catch (IOException | OutOfMemoryError ex) {
				startFailures
					.warn("TLS connections cannot wait for their peers: the selector or its thread could not be"
							+ " created. Raise the limits of open files and threads, or the memory.", ex);
				return null;
			}
		}
	}

	private ReactorLoop start(Selector selector) throws IOException {
		try {
			ReactorLoop loop = new ReactorLoop(selector, this.nanoClock);
			Thread thread = this.threads.newThread(loop);
			thread.start();
			this.started.removeIf((earlier) -> !earlier.isAlive());
			this.started.add(thread);
			this.loop = loop;
			return loop;
		}
		catch (OutOfMemoryError ex) {
			// Out of threads, or of direct memory for the loop's buffer
			selector.close();
			throw ex;
		}
	}

	/**
	 * Let waiting connections continue for a time, then close them. Returns when none is
	 * left and the threads have ended.
	 * @param drain how long they can continue
	 * @return whether this call stopped the reactor, rather than an earlier one
	 */
	boolean stop(Duration drain) {
		ReactorLoop loop;
		List<Thread> started;
		synchronized (this.lifecycleMonitor) {
			if (this.stopping) {
				return false;
			}
			this.stopping = true;
			loop = this.loop;
			started = List.copyOf(this.started);
		}
		if (loop != null) {
			loop.stop(drain);
		}
		started.forEach((thread) -> join(thread, drain.plus(GRACE)));
		return true;
	}

	boolean isStopping() {
		return this.stopping;
	}

	private void join(Thread thread, Duration time) {
		try {
			thread.join(time.toMillis());
			if (thread.isAlive()) {
				logger.error(thread.getName() + " has not ended in time; a TlsShutdownListener may be blocking it");
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted while TLS connections were waiting for their peers");
			Thread.currentThread().interrupt();
		}
	}

}
