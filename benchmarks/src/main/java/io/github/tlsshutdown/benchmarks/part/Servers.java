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

package io.github.tlsshutdown.benchmarks.part;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.process.ServerFactory;
import io.github.tlsshutdown.benchmarks.process.ServerOptions;
import io.github.tlsshutdown.benchmarks.process.Variant;

/**
 * Servers that are alive at once, to be loaded in turn.
 */
final class Servers implements AutoCloseable {

	/** What is compared where cost is measured. */
	static final List<Variant> COMPARED = List.of(Variant.NONE, Variant.CONTROL, Variant.UNIDIRECTIONAL,
			Variant.BIDIRECTIONAL, Variant.QUIET);

	private final List<Server> servers = new ArrayList<>();

	/**
	 * Return what is compared where cost is measured.
	 * @param platform on which server
	 * @return the variants
	 */
	static List<Variant> compared(Platform platform) {
		return COMPARED.stream().map((variant) -> variant.on(platform)).toList();
	}

	static Servers start(List<? extends ServerFactory> factories, ServerOptions options) throws IOException {
		Servers servers = new Servers();
		try {
			for (ServerFactory factory : factories) {
				servers.servers.add(factory.start(options));
			}
			return servers;
		}
		catch (IOException | RuntimeException ex) {
			servers.close();
			throw ex;
		}
	}

	static Servers of(List<Server> started) {
		Servers servers = new Servers();
		servers.servers.addAll(started);
		return servers;
	}

	List<Server> all() {
		return this.servers;
	}

	/**
	 * Return the servers in another order for each round, so that none is always the one
	 * after the same other.
	 * @param round the round
	 * @return all servers
	 */
	List<Server> inOrderOf(int round) {
		List<Server> order = new ArrayList<>(this.servers);
		Collections.rotate(order, round);
		if (round % 2 == 1) {
			Collections.reverse(order);
		}
		return order;
	}

	@Override
	public void close() {
		this.servers.forEach(Server::close);
	}

}
