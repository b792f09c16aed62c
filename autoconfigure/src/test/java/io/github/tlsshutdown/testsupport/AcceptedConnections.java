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

package io.github.tlsshutdown.testsupport;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The connections that a server has accepted, noted before anything is done with them.
 */
public final class AcceptedConnections {

	private final AtomicLong number = new AtomicLong();

	private volatile Consumer<InetSocketAddress> listener = (address) -> {
	};

	/**
	 * Have someone told of each connection that is accepted from now on.
	 * @param listener is told of the peer's address, and must not block
	 */
	public void onAccepted(Consumer<InetSocketAddress> listener) {
		this.listener = listener;
	}

	/**
	 * Return how many connections were accepted.
	 * @return the number
	 */
	public long number() {
		return this.number.get();
	}

	/**
	 * Note a connection.
	 * @param address the peer's address; {@code null} if it has gone already
	 */
	void accepted(@Nullable InetSocketAddress address) {
		this.number.incrementAndGet();
		if (address != null) {
			this.listener.accept(address);
		}
	}

}
