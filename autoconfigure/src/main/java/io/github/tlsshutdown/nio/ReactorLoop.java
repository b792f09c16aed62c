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
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.OccasionalLog;
import io.github.tlsshutdown.engine.PeerReader;

/**
 * The work of the reactor's thread: it finishes writing, reads what peers send, and
 * closes connections whose time has run out.
 * <p>
 * Most peers answer within a fraction of a millisecond. So arrivals are left alone for a
 * moment and then tried once; only those still unanswered are registered with the
 * selector. The selector is woken only if it sleeps without a timeout.
 */
final class ReactorLoop implements Runnable {

	private static final Log logger = LogFactory.getLog(ReactorLoop.class);

	private static final OccasionalLog failures = new OccasionalLog(logger);

	/** How many connections are served between two checks of arrivals and deadlines. */
	private static final int BATCH = 64;

	private final Selector selector;

	private final LongSupplier nanoClock;

	private final PeerReader reader = new PeerReader();

	private final Arrivals arrivals;

	private final DeadlineQueue<ConnectionShutdown> deadlines = new DeadlineQueue<>();

	private volatile boolean asleep;

	private volatile boolean stopping;

	private volatile long stopNanos;

	private volatile boolean over;

	/**
	 * Create a loop.
	 * @param selector where connections wait; closed when the loop ends
	 * @param nanoClock the clock
	 */
	ReactorLoop(Selector selector, LongSupplier nanoClock) {
		this.selector = selector;
		this.nanoClock = nanoClock;
		this.arrivals = new Arrivals(nanoClock);
	}

	/**
	 * Add a connection. Called by any thread.
	 * @param shutdown the connection's shutdown
	 * @return whether it was added; otherwise the loop is {@link #isOver() over}
	 */
	boolean add(ConnectionShutdown shutdown) {
		this.arrivals.add(shutdown);
		if (this.over) {
			// Unless the loop, which is about to end, has already taken it
			return !this.arrivals.remove(shutdown);
		}
		if (this.asleep) {
			this.selector.wakeup();
		}
		return true;
	}

	/**
	 * Return whether this loop takes no more connections: it was stopped, or has failed.
	 * @return whether it is over
	 */
	boolean isOver() {
		return this.over;
	}

	/**
	 * End when no connection is left, or after a time. Called by any thread.
	 * @param drain the time
	 */
	void stop(Duration drain) {
		this.stopNanos = this.nanoClock.getAsLong() + drain.toNanos();
		this.stopping = true;
		this.selector.wakeup();
	}

	@Override
	public void run() {
		try {
			while (!(this.stopping && isIdle())) {
				turn();
			}
			this.over = true;
			endAll(ConnectionShutdown::timeOut);
		}
		catch (Throwable ex) {
			this.over = true;
			endAll((shutdown) -> shutdown.endOnInternalError(ex));
			failures.warn("The thread that waits for the peers of TLS connections has failed. The waiting"
					+ " connections are closed; a new thread replaces it.", ex);
		}
		finally {
			this.over = true;
			closeSelector();
		}
	}

	void turn() throws IOException {
		select();
		serveReady();
		serveArrivals();
		expire();
	}

	boolean isIdle() {
		// Every registered connection has a deadline
		return this.arrivals.isEmpty() && this.deadlines.isEmpty();
	}

	private void select() throws IOException {
		// A listener can leave the thread interrupted, and then no selection would wait
		Thread.interrupted();
		long now = this.nanoClock.getAsLong();
		long wait = this.deadlines.nanosUntilNext(now);
		if (this.stopping) {
			wait = Math.min(wait, this.stopNanos - now);
		}
		if (this.arrivals.isEmpty()) {
			// Arrivals before the flag was set did not wake the selector
			this.asleep = true;
		}
		if (!this.arrivals.isEmpty()) {
			wait = this.stopping ? 0 : Math.min(wait, this.arrivals.nanosUntilNext(now));
		}
		if (wait <= 0) {
			this.selector.selectNow();
		}
		else if (wait == Long.MAX_VALUE) {
			this.selector.select();
		}
		else {
			this.selector.select(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
		}
		this.asleep = false;
	}

	private void serveReady() {
		int served = 0;
		for (Iterator<SelectionKey> keys = this.selector.selectedKeys().iterator(); keys.hasNext();) {
			SelectionKey key = keys.next();
			keys.remove();
			ConnectionShutdown shutdown = (ConnectionShutdown) key.attachment();
			// It may have expired since it was selected
			if (!shutdown.isEnded()) {
				attempt(shutdown, (waiting) -> advance(waiting, key));
				if (shutdown.isEnded()) {
					this.deadlines.remove(shutdown);
				}
			}
			if (++served % BATCH == 0) {
				// Even if many peers send, the others get their turn
				serveArrivals();
				expire();
			}
		}
	}

	private void advance(ConnectionShutdown shutdown, SelectionKey key) throws IOException {
		shutdown.advance(this.reader);
		if (!shutdown.isEnded()) {
			key.interestOps(interestOps(shutdown));
		}
	}

	private void serveArrivals() {
		for (int served = 0; served < BATCH; served++) {
			ConnectionShutdown next = this.stopping ? this.arrivals.poll() : this.arrivals.pollRipe();
			if (next == null) {
				return;
			}
			attempt(next, this::admit);
		}
	}

	private void admit(ConnectionShutdown shutdown) throws IOException {
		shutdown.advance(this.reader);
		if (!shutdown.isEnded()) {
			((SocketTransport) shutdown.transport()).socket().register(this.selector, interestOps(shutdown), shutdown);
			long now = this.nanoClock.getAsLong();
			this.deadlines.add(shutdown, now + shutdown.nanosLeft(now));
		}
	}

	private static int interestOps(ConnectionShutdown shutdown) {
		return (shutdown.isWriting() ? SelectionKey.OP_WRITE : 0) | (shutdown.isReading() ? SelectionKey.OP_READ : 0);
	}

	/**
	 * A deadline that has moved is only updated when it is reached, so that a peer's
	 * progress costs nothing.
	 */
	private void expire() {
		long now = this.nanoClock.getAsLong();
		boolean drained = this.stopping && this.stopNanos - now <= 0;
		ConnectionShutdown due;
		while ((due = drained ? this.deadlines.pollFirst() : this.deadlines.pollDue(now)) != null) {
			long left = due.nanosLeft(now);
			if (left > 0 && !drained) {
				this.deadlines.add(due, now + left);
			}
			else {
				attempt(due, ConnectionShutdown::timeOut);
			}
		}
	}

	/**
	 * Take a step of a shutdown. A problem of one connection must not affect the others.
	 * @param shutdown the shutdown
	 * @param step the step
	 */
	private void attempt(ConnectionShutdown shutdown, Step step) {
		if (shutdown.isEnded()) {
			return;
		}
		try {
			step.take(shutdown);
		}
		catch (Throwable ex) {
			end(shutdown, ex);
		}
	}

	private static void end(ConnectionShutdown shutdown, Throwable cause) {
		try {
			shutdown.endOnInternalError(cause);
		}
		catch (Throwable ex) {
			// It has ended anyway
		}
	}

	private void endAll(Step step) {
		ConnectionShutdown waiting;
		while ((waiting = this.deadlines.pollFirst()) != null) {
			attempt(waiting, step);
		}
		if (this.selector.isOpen()) {
			// Connections that were registered but have no deadline yet
			this.selector.keys().forEach((key) -> attempt((ConnectionShutdown) key.attachment(), step));
		}
		while ((waiting = this.arrivals.poll()) != null) {
			attempt(waiting, step);
		}
	}

	private void closeSelector() {
		try {
			this.selector.close();
		}
		catch (IOException ex) {
			logger.debug("Selector not closed cleanly", ex);
		}
	}

	private interface Step {

		void take(ConnectionShutdown shutdown) throws IOException;

	}

}
