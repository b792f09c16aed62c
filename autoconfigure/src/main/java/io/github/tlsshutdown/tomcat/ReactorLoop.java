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

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What the reactor's thread does: it finishes writing, reads what peers send, and closes
 * connections whose time is over.
 * <p>
 * Most peers answer within a fraction of a millisecond. Arrivals are therefore left alone
 * for a moment and then tried once; only those still unanswered are registered with the
 * selector. The selector is woken only if it sleeps without a term.
 */
final class ReactorLoop implements Runnable {

	private static final Log logger = LogFactory.getLog(ReactorLoop.class);

	/** How long an arrival is left alone. */
	private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	/** How many connections are served between two looks at arrivals and deadlines. */
	private static final int BATCH = 64;

	private final Runnable onEnded;

	private final BooleanSupplier terminate;

	private final Selector selector;

	private final LongSupplier nanoClock;

	private final PeerReader reader = new PeerReader();

	private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

	private final DeadlineQueue<ConnectionShutdown> deadlines = new DeadlineQueue<>();

	private final Step advance = (shutdown) -> shutdown.advance(this.reader);

	private final Step admit = this::admit;

	private volatile boolean asleep;

	private volatile boolean stopping;

	private volatile long stopNanos;

	/**
	 * Create a loop.
	 * @param selector where connections wait; closed when the loop ends
	 * @param nanoClock the clock, such as {@link System#nanoTime()}
	 * @param onEnded called after each connection that has ended
	 * @param terminate asked whether the loop may end: it refuses while connections are
	 * left, and agrees once and for all
	 */
	ReactorLoop(Selector selector, LongSupplier nanoClock, Runnable onEnded, BooleanSupplier terminate) {
		this.selector = selector;
		this.nanoClock = nanoClock;
		this.onEnded = onEnded;
		this.terminate = terminate;
	}

	/**
	 * Add a connection. Called by any thread.
	 * @param shutdown the connection's shutdown
	 */
	void add(ConnectionShutdown shutdown) {
		this.arrivals.add(new Arrival(shutdown, this.nanoClock.getAsLong() + GATHER_NANOS));
		if (this.asleep) {
			this.selector.wakeup();
		}
	}

	/**
	 * End when no connection is left, and close those that are left after a while. Called
	 * by any thread.
	 * @param drain the while
	 */
	void stop(Duration drain) {
		this.stopNanos = this.nanoClock.getAsLong() + drain.toNanos();
		this.stopping = true;
		this.selector.wakeup();
	}

	@Override
	public void run() {
		try {
			while (!(this.stopping && this.terminate.getAsBoolean())) {
				select();
				serveReady();
				serveArrivals();
				expire();
			}
		}
		catch (Throwable ex) {
			logger.error("TLS connections no longer wait for their peers until the connector is restarted", ex);
			abandon(ex);
		}
		finally {
			closeSelector();
		}
	}

	private void select() throws IOException {
		// A listener may have left it set, and no selection would wait any more
		Thread.interrupted();
		long now = this.nanoClock.getAsLong();
		long wait = this.deadlines.nanosUntilNext(now);
		if (this.stopping) {
			wait = Math.min(wait, this.stopNanos - now);
		}
		Arrival next = this.arrivals.peek();
		if (next == null) {
			this.asleep = true;
			// Whoever came before the flag was set did not wake us
			next = this.arrivals.peek();
		}
		if (next != null) {
			wait = this.stopping ? 0 : Math.min(wait, next.ripeNanos - now);
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
				attempt(shutdown, this.advance);
				if (shutdown.isEnded()) {
					this.deadlines.remove(shutdown);
				}
				else {
					key.interestOps(shutdown.interestOps());
				}
			}
			if (++served % BATCH == 0) {
				// However many there are that send, the others have their turn as well
				serveArrivals();
				expire();
			}
		}
	}

	private void serveArrivals() {
		for (int served = 0; served < BATCH; served++) {
			Arrival next = this.arrivals.peek();
			if (next == null || (!this.stopping && next.ripeNanos - this.nanoClock.getAsLong() > 0)) {
				return;
			}
			this.arrivals.remove();
			attempt(next.shutdown, this.admit);
		}
	}

	private void admit(ConnectionShutdown shutdown) throws IOException {
		shutdown.advance(this.reader);
		if (!shutdown.isEnded()) {
			shutdown.socket().register(this.selector, shutdown.interestOps(), shutdown);
			long now = this.nanoClock.getAsLong();
			this.deadlines.add(shutdown, now + shutdown.nanosLeft(now));
		}
	}

	/**
	 * A deadline that has moved since it was noted is only noted anew when it is reached,
	 * so that a peer's progress costs nothing.
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
	 * Take a step of a shutdown that has not ended. One connection's trouble, even a lack
	 * of memory, must not become everyone's.
	 * @param shutdown the shutdown
	 * @param step what is done
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
		if (shutdown.isEnded()) {
			this.onEnded.run();
		}
	}

	private static void end(ConnectionShutdown shutdown, Throwable cause) {
		try {
			shutdown.endOnInternalError(cause);
		}
		catch (Throwable ex) {
			// It has ended all the same, and whoever logs is in trouble as well
		}
	}

	private void abandon(Throwable cause) {
		for (SelectionKey key : this.selector.keys()) {
			attempt((ConnectionShutdown) key.attachment(), (shutdown) -> shutdown.endOnInternalError(cause));
		}
		while (!this.terminate.getAsBoolean()) {
			Arrival next = this.arrivals.poll();
			if (next != null) {
				attempt(next.shutdown, (shutdown) -> shutdown.endOnInternalError(cause));
			}
			else {
				// Counted already, but still on its way into the queue
				Thread.onSpinWait();
			}
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

	private record Arrival(ConnectionShutdown shutdown, long ripeNanos) {
	}

	private interface Step {

		void take(ConnectionShutdown shutdown) throws Exception;

	}

}
