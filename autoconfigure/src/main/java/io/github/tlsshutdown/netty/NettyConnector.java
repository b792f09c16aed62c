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

package io.github.tlsshutdown.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.netty.channel.Channel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServerConfig;

import io.github.tlsshutdown.engine.DrainTerms;
import io.github.tlsshutdown.engine.OccasionalLog;
import io.github.tlsshutdown.engine.ServerConnector;

/**
 * State shared by the TLS connections of one Reactor Netty server, and the set of those
 * that have not ended. Each waits in its own event loop.
 */
final class NettyConnector extends ServerConnector {

	private static final Log logger = LogFactory.getLog(NettyConnector.class);

	/** How long an event loop can take to end its connections. */
	private static final Duration LAST_STEPS = Duration.ofSeconds(1);

	private final OccasionalLog unwatched = new OccasionalLog(logger);

	private final Set<NettyConnection> open = ConcurrentHashMap.newKeySet();

	private final Object monitor = new Object();

	/** How many connections have to answer a request before they are closed. */
	private final AtomicInteger postponed = new AtomicInteger();

	private volatile int maxConnections = -1;

	private volatile int configuredPort = -1;

	/** Whether the server is about to stop, and still answers requests. */
	private volatile boolean stoppingGracefully;

	private volatile long stoppingSince;

	private volatile Phase phase = Phase.UNUSED;

	/**
	 * Record that the server is about to be bound.
	 * @param config how it is configured
	 */
	void prepare(HttpServerConfig config) {
		boolean overTcp = !List.of(config.protocols()).contains(HttpProtocol.HTTP3);
		boolean terminatesTls = config.sslProvider() != null && overTcp;
		this.maxConnections = config.maxConnections();
		Supplier<? extends SocketAddress> address = config.bindAddress();
		this.configuredPort = (address != null) ? portOf(address.get()) : -1;
		this.stoppingGracefully = false;
		this.phase = terminatesTls ? Phase.STARTING : Phase.UNUSED;
	}

	/**
	 * Record that the server listens. Connections that it has already accepted report
	 * this as well.
	 * @param address the address it listens on
	 */
	void listening(SocketAddress address) {
		if (this.phase != Phase.STARTING) {
			return;
		}
		synchronized (this.monitor) {
			if (this.phase == Phase.STARTING) {
				int port = portOf(address);
				started(nameOf((port != -1) ? "https-netty" : "https-netty-" + address, this.configuredPort, port),
						port, this.maxConnections);
				this.phase = Phase.RUNNING;
				this.monitor.notifyAll();
			}
		}
	}

	private static int portOf(SocketAddress address) {
		return (address instanceof InetSocketAddress socketAddress) ? socketAddress.getPort() : -1;
	}

	/**
	 * Record that the server will stop when it has answered its current requests.
	 */
	void beginGracefulStop() {
		if (this.phase == Phase.RUNNING && getSettings().drainIdle()) {
			this.open.forEach(NettyConnection::announceGracefulStop);
			this.stoppingSince = System.nanoTime();
			this.stoppingGracefully = true;
			tellAll(NettyConnection::beginGracefulStop);
		}
	}

	/**
	 * Return whether the server is about to stop but still answers requests.
	 * @return whether each response is the last on its connection
	 */
	boolean isStoppingGracefully() {
		return this.stoppingGracefully && this.phase == Phase.RUNNING;
	}

	/**
	 * Count connections that have to answer a request before they are closed.
	 * @param change how many more there are
	 */
	void postponed(int change) {
		if (this.postponed.addAndGet(change) == 0) {
			synchronized (this.monitor) {
				this.monitor.notifyAll();
			}
		}
	}

	/**
	 * Wait until the start of the server is recorded: Reactor Netty notifies the code
	 * that has bound it first.
	 */
	void awaitListening() {
		await(() -> this.phase == Phase.STARTING, LAST_STEPS);
	}

	/**
	 * Watch a connection that was accepted.
	 * @param channel its channel
	 */
	void accepted(Channel channel) {
		listening(channel.localAddress());
		switch (this.phase) {
			case RUNNING, STOPPING -> watch(channel);
			// Accepted before the server stopped listening, and never served
			case STOPPED -> channel.close();
			case UNUSED, STARTING -> {
			}
		}
	}

	private void watch(Channel channel) {
		if (!NettyConnection.watch(this, channel)) {
			this.unwatched.warn(
					"A TLS connection to " + getName() + " has no SslHandler where Reactor Netty installs it: "
							+ "tls.shutdown.* does not apply to it. The pipeline is " + channel.pipeline().names(),
					null);
		}
	}

	void opened(NettyConnection connection) {
		opened();
		this.open.add(connection);
	}

	void closed(NettyConnection connection) {
		if (this.open.remove(connection) && this.phase != Phase.RUNNING) {
			synchronized (this.monitor) {
				this.monitor.notifyAll();
			}
		}
	}

	/**
	 * Return whether nothing may wait any more.
	 * @return whether the time for that is over
	 */
	boolean isStopped() {
		return this.phase == Phase.STOPPED;
	}

	/**
	 * Wait for requests that came when the server had begun to stop: Spring Boot does not
	 * know of them.
	 * @param start when the wait for those of all connectors has begun
	 * @param phase how long Spring Boot waits for requests that it knows of
	 */
	void awaitPostponed(long start, Duration phase) {
		if (isStoppingGracefully()) {
			for (NettyConnection connection : this.open) {
				postponed(1);
				if (!tell(connection, NettyConnection::aboutToStop)) {
					postponed(-1);
				}
			}
		}
		await(() -> this.postponed.get() > 0, left(DrainTerms.ARRIVED, start));
		if (isStoppingGracefully()) {
			tellAll(NettyConnection::endIdle);
			await(() -> this.postponed.get() > 0, left(phase, this.stoppingSince));
		}
	}

	/**
	 * Begin to stop: close what is open. Does nothing if not started.
	 */
	void beginStop() {
		synchronized (this.monitor) {
			if (this.phase != Phase.RUNNING) {
				return;
			}
			this.phase = Phase.STOPPING;
		}
		tellAll(NettyConnection::closeByPolicy);
	}

	/**
	 * Let waiting connections continue for the {@code timeout} of their settings, then
	 * close them. Does nothing if the stop has not begun.
	 * @param start when all connectors of the application have begun to stop
	 */
	void stop(long start) {
		if (this.phase != Phase.STOPPING) {
			return;
		}
		await(() -> !this.open.isEmpty(), left(getSettings().timeout(), start));
		this.phase = Phase.STOPPED;
		tellAll(NettyConnection::expire);
		await(() -> !this.open.isEmpty(), LAST_STEPS);
		stopped();
	}

	private void tellAll(Consumer<NettyConnection> news) {
		this.open.forEach((connection) -> tell(connection, news));
	}

	private static boolean tell(NettyConnection connection, Consumer<NettyConnection> news) {
		try {
			connection.channel().eventLoop().execute(() -> news.accept(connection));
			return true;
		}
		catch (RejectedExecutionException ex) {
			logger.debug("An event loop has ended before its connections", ex);
			return false;
		}
	}

	private static Duration left(Duration time, long start) {
		return time.minusNanos(System.nanoTime() - start);
	}

	private void await(BooleanSupplier condition, Duration time) {
		long end = System.nanoTime() + time.toNanos();
		synchronized (this.monitor) {
			try {
				long left;
				while (condition.getAsBoolean() && (left = end - System.nanoTime()) > 0) {
					this.monitor.wait(left / 1_000_000 + 1);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * The phases of a server.
	 */
	private enum Phase {

		/** Not bound, or without TLS, or over UDP. */
		UNUSED,

		/** About to listen. */
		STARTING,

		RUNNING,

		/** Does not listen any more; open connections are ending. */
		STOPPING,

		STOPPED

	}

}
