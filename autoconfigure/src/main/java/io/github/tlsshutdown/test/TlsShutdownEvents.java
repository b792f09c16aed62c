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

package io.github.tlsshutdown.test;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Records the events of an application under test, and waits for them: a connection ends
 * a moment after the client has received its response. Declare it as a bean of the test's
 * configuration.
 *
 * <pre class="code">
 * &#064;TestConfiguration(proxyBeanMethods = false)
 * static class Configuration {
 *
 *     &#064;Bean
 *     TlsShutdownEvents tlsShutdownEvents() {
 *         return new TlsShutdownEvents();
 *     }
 *
 * }
 *
 * &#064;Test
 * void uploadThatIsRefusedLosesNothing() {
 *     ...
 *     assertThat(this.events.awaitNext().mayHaveLost()).isFalse();
 * }
 * </pre>
 *
 * Keeps all events, so it is not for production.
 *
 * @since 0.1.0
 */
public class TlsShutdownEvents implements TlsShutdownListener {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Duration timeout;

	private final List<TlsShutdownEvent> events = new ArrayList<>();

	/** How many events {@link #awaitNext()} has returned. */
	private int taken;

	/**
	 * Create an instance that waits for up to ten seconds.
	 */
	public TlsShutdownEvents() {
		this(TIMEOUT);
	}

	/**
	 * Create an instance with a timeout.
	 * @param timeout how long to wait for an event
	 */
	public TlsShutdownEvents(Duration timeout) {
		this.timeout = Objects.requireNonNull(timeout, "'timeout' must not be null");
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		synchronized (this.events) {
			this.events.add(event);
			this.events.notifyAll();
		}
	}

	/**
	 * Return the events so far.
	 * @return the events, oldest first
	 */
	public List<TlsShutdownEvent> all() {
		synchronized (this.events) {
			return List.copyOf(this.events);
		}
	}

	/**
	 * Remove the events recorded so far.
	 */
	public void clear() {
		synchronized (this.events) {
			this.events.clear();
			this.taken = 0;
		}
	}

	/**
	 * Wait until a number of connections have ended.
	 * @param count the number of connections, since the start or {@link #clear()}
	 * @return all events, oldest first; more than {@code count} if more have ended
	 * @throws AssertionError if fewer end in time
	 */
	public List<TlsShutdownEvent> await(int count) {
		return await(() -> (this.events.size() >= count) ? Optional.of(List.copyOf(this.events)) : Optional.empty(),
				count + " connections to end");
	}

	/**
	 * Wait for the next event: the first that this method has not returned yet.
	 * @return the event
	 * @throws AssertionError if none ends in time
	 */
	public TlsShutdownEvent awaitNext() {
		return await(
				() -> (this.events.size() > this.taken) ? Optional.of(this.events.get(this.taken++)) : Optional.empty(),
				"one more connection to end");
	}

	/**
	 * Wait for the end of a client's connection.
	 * @param client the client's own address, as of
	 * {@link java.net.Socket#getLocalSocketAddress()}. Of an {@link InetSocketAddress},
	 * only the port is compared
	 * @return the last event of such a connection
	 * @throws AssertionError if none ends in time
	 */
	public TlsShutdownEvent awaitFrom(SocketAddress client) {
		return await((event) -> isFrom(client, event), "the connection from " + client + " to end");
	}

	/**
	 * Wait for the end of a connection that meets a condition.
	 * @param condition the condition
	 * @return the last event that meets it
	 * @throws AssertionError if none does in time
	 */
	public TlsShutdownEvent await(Predicate<TlsShutdownEvent> condition) {
		return await(condition, "a connection to end that meets the condition");
	}

	private TlsShutdownEvent await(Predicate<TlsShutdownEvent> condition, String what) {
		return await(() -> last(condition), what);
	}

	private <T> T await(Supplier<Optional<T>> found, String what) {
		long start = System.nanoTime();
		synchronized (this.events) {
			while (true) {
				Optional<T> result = found.get();
				if (result.isPresent()) {
					return result.get();
				}
				long left = this.timeout.toMillis() - (System.nanoTime() - start) / 1_000_000;
				if (left <= 0) {
					throw new AssertionError("Timed out after " + this.timeout.toMillis() + "ms waiting for " + what
							+ ". Events so far: " + this.events);
				}
				pause(left);
			}
		}
	}

	private void pause(long millis) {
		try {
			this.events.wait(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	private Optional<TlsShutdownEvent> last(Predicate<TlsShutdownEvent> condition) {
		for (int i = this.events.size() - 1; i >= 0; i--) {
			if (condition.test(this.events.get(i))) {
				return Optional.of(this.events.get(i));
			}
		}
		return Optional.empty();
	}

	private static boolean isFrom(SocketAddress client, TlsShutdownEvent event) {
		InetSocketAddress remote = event.remoteAddress();
		// The server can see the same host by another address
		return (remote != null && client instanceof InetSocketAddress own) ? remote.getPort() == own.getPort()
				: client.equals(remote);
	}

}
