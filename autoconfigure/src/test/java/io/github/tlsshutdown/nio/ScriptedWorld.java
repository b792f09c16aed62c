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

import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.ConnectorSetup;

/**
 * A clock, a selector and a reactor without a thread. Time passes when the reactor
 * sleeps; whatever peers, and other threads of the server, do meanwhile happens then, or
 * between any two of the reactor's own steps. Everything is decided by one seed.
 */
final class ScriptedWorld extends SelectorProvider {

	/** What peers do falls on multiples of it; deadlines fall between them. */
	static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

	private final Random random;

	private final long origin;

	private final PriorityQueue<Action> agenda = new PriorityQueue<>(
			Comparator.comparingLong(Action::nanos).thenComparingLong(Action::number));

	private final List<String> defects = new ArrayList<>();

	private final NioConnector connector;

	private final ShutdownReactor reactor;

	private final ScriptedSelector selector;

	private List<ScriptedConnection> connections = List.of();

	private final List<TlsShutdownEvent> events = new ArrayList<>();

	private int ports;

	private @Nullable Runnable loop;

	private boolean loopStarted;

	private boolean loopEnded;

	private boolean acting;

	private boolean busy;

	private long elapsed;

	private long actions;

	private long selections;

	private long causes = 10;

	private long stopNanos = Long.MAX_VALUE;

	private long drainNanos;

	ScriptedWorld(Random random, SharedConnector shared) {
		this.random = random;
		// The clock may be about to wrap around
		this.origin = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextInt(100) * TICK / 10;
		this.selector = new ScriptedSelector(this);
		this.connector = shared.connector();
		this.reactor = new ShutdownReactor(this, (loop) -> {
			this.loop = loop;
			return new Unstarted();
		}, this::nanoTime);
		shared.enter(this, this.reactor);
	}

	NioConnector connector() {
		return this.connector;
	}

	ShutdownReactor reactor() {
		return this.reactor;
	}

	int nextPort() {
		return ++this.ports;
	}

	void setConnections(List<ScriptedConnection> connections) {
		this.connections = connections;
	}

	void setBusy() {
		this.busy = true;
	}

	/**
	 * Whether some peers never stop sending.
	 * @return whether the reactor has always something to do
	 */
	boolean isBusy() {
		return this.busy;
	}

	/**
	 * Return how many wait for their peers.
	 * @return the number of those that have begun to end and have not ended
	 */
	int waiting() {
		return (int) this.connections.stream().filter(ScriptedConnection::isWaiting).count();
	}

	Stream<TlsShutdownEvent> events() {
		return this.events.stream();
	}

	private void ended(TlsShutdownEvent event) {
		this.events.add(event);
		this.connections.get(event.remoteAddress().getPort() - 1).ended(event);
	}

	Random random() {
		return this.random;
	}

	long elapsed() {
		return this.elapsed;
	}

	long nanoTime() {
		step(this.random.nextInt(100));
		return this.origin + this.elapsed;
	}

	/**
	 * Have something happen.
	 * @param nanos when
	 * @param action what
	 */
	void at(long nanos, Runnable action) {
		this.agenda.add(new Action(nanos, this.actions++, action));
	}

	/**
	 * Have the reactor stopped.
	 * @param nanos when
	 * @param drain how long connections may go on
	 */
	void stopAt(long nanos, long drain) {
		at(nanos, () -> stop(drain));
	}

	private void stop(long drain) {
		if (this.stopNanos == Long.MAX_VALUE) {
			this.stopNanos = this.elapsed;
			this.drainNanos = drain;
			if (!this.reactor.stop(Duration.ofNanos(drain)) || this.reactor.stop(Duration.ofNanos(drain))) {
				defect("stop() was not the first, or not the last");
			}
		}
	}

	boolean isStopped() {
		return this.stopNanos != Long.MAX_VALUE;
	}

	/**
	 * Return when those that still wait are closed because the server stops.
	 * @return the time, or {@link Long#MAX_VALUE}
	 */
	long drained() {
		return isStopped() ? this.stopNanos + this.drainNanos : Long.MAX_VALUE;
	}

	boolean isLoopOver() {
		return this.loopEnded || this.loop == null;
	}

	/**
	 * Let everything happen, on this thread.
	 */
	void run() {
		while (true) {
			if (this.loop != null && !this.loopStarted) {
				this.loopStarted = true;
				this.loop.run();
				this.loopEnded = true;
			}
			Action next = this.agenda.poll();
			if (next == null) {
				break;
			}
			this.elapsed = Math.max(this.elapsed, next.nanos());
			act(next);
		}
		stop(0);
		if (this.connector.getPending() != 0) {
			defect(this.connector.getPending() + " are pending when all is over");
		}
		if (this.loop != null && this.selector.isOpen()) {
			defect("The selector was left open");
		}
	}

	/**
	 * Let a little time pass, in which others may do something.
	 * @param nanos how much
	 */
	void step(long nanos) {
		this.elapsed += nanos;
		if (!this.acting && this.random.nextInt(4) == 0) {
			actDue();
		}
	}

	private void actDue() {
		for (Action next = this.agenda.peek(); next != null
				&& next.nanos() <= this.elapsed; next = this.agenda.peek()) {
			act(this.agenda.remove());
		}
	}

	private void act(Action action) {
		this.causes += 3;
		this.acting = true;
		try {
			action.what().run();
		}
		catch (RuntimeException | Error ex) {
			defect("Thrown to another thread: " + ex);
		}
		this.acting = false;
	}

	/**
	 * Sleep until something happens that ends a selection.
	 * @param millis how long; 0 for ever, -1 not at all
	 * @param over whether it has happened
	 */
	void sleep(long millis, BooleanSupplier over) {
		if (++this.selections > this.causes) {
			String busy = "The loop is busy: " + this.selections + " selections";
			defect(busy);
			throw new IllegalStateException(busy);
		}
		long end = (millis > 0) ? this.elapsed + TimeUnit.MILLISECONDS.toNanos(millis) : Long.MAX_VALUE;
		actDue();
		if (this.random.nextInt(20) == 0) {
			// A selection may end for no reason
			cause();
			return;
		}
		while (millis >= 0 && !over.getAsBoolean() && this.elapsed < end) {
			Action next = this.agenda.peek();
			if (next == null && end == Long.MAX_VALUE) {
				if (isStopped() || this.connector.getPending() > 0) {
					defect("The loop sleeps for ever while " + this.connector.getPending() + " wait");
					throw new IllegalStateException("stuck");
				}
				stop(0);
				continue;
			}
			this.elapsed = Math.max(this.elapsed, Math.min(end, (next != null) ? next.nanos() : end));
			actDue();
		}
	}

	/**
	 * Note a reason for one more selection.
	 */
	void cause() {
		this.causes++;
	}

	void defect(String defect) {
		if (this.defects.size() < 20) {
			this.defects.add(this.elapsed / 1000 + "us: " + defect);
		}
	}

	List<String> defects() {
		return this.defects;
	}

	@Override
	public AbstractSelector openSelector() {
		return this.selector;
	}

	@Override
	public DatagramChannel openDatagramChannel() {
		throw new UnsupportedOperationException();
	}

	@Override
	public DatagramChannel openDatagramChannel(ProtocolFamily family) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Pipe openPipe() {
		throw new UnsupportedOperationException();
	}

	@Override
	public ServerSocketChannel openServerSocketChannel() {
		throw new UnsupportedOperationException();
	}

	@Override
	public SocketChannel openSocketChannel() {
		throw new UnsupportedOperationException();
	}

	private record Action(long nanos, long number, Runnable what) {
	}

	/** The loop runs on the test's thread instead. */
	private static final class Unstarted extends Thread {

		@Override
		public synchronized void start() {
			// Not started
		}

	}

	/**
	 * A connector that one world uses after the other, so that it warns once of what
	 * happens in all of them.
	 */
	static final class SharedConnector {

		private final NioConnector connector = new NioConnector(this::nanoTime);

		private @Nullable ScriptedWorld world;

		NioConnector connector() {
			return this.connector;
		}

		private void enter(ScriptedWorld world, ShutdownReactor reactor) {
			this.world = world;
			this.connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS.withMaxPending(100), List.of(),
					List::of, () -> List.of(world::ended)));
			this.connector.started("https-scripted", 1, -1, reactor);
		}

		private long nanoTime() {
			ScriptedWorld world = this.world;
			return (world != null) ? world.nanoTime() : 0;
		}

	}

}
