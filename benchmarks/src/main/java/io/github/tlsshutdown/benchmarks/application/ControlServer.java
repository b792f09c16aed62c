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

package io.github.tlsshutdown.benchmarks.application;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * Tells, on a port of its own and without TLS, what only the process itself knows.
 */
class ControlServer {

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final @Nullable ShutdownDurations durations;

	private final Map<Long, Long> allocatedByThread = new HashMap<>();

	ControlServer(@Nullable ShutdownDurations durations) {
		this.durations = durations;
	}

	int start() throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		answer(server, "/allocated", this::allocatedBytes);
		answer(server, "/heap", ControlServer::heapAfterCollection);
		answer(server, "/classes", () -> ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
		ShutdownDurations durations = this.durations;
		if (durations != null) {
			answer(server, "/completions/forget", durations::forget);
			answer(server, "/completions/p99", durations::p99Nanos);
		}
		server.start();
		return server.getAddress().getPort();
	}

	private void answer(HttpServer server, String path, LongSupplier value) {
		server.createContext(path, (exchange) -> answer(exchange, Long.toString(value.getAsLong())));
	}

	private static void answer(HttpExchange exchange, String text) throws IOException {
		byte[] body = text.getBytes(StandardCharsets.US_ASCII);
		exchange.sendResponseHeaders(200, body.length);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(body);
		}
	}

	/**
	 * Return what all threads have allocated. One that has ended counts with what it had
	 * allocated when this was last asked for.
	 * @return the number of bytes
	 */
	private synchronized long allocatedBytes() {
		long[] ids = threads.getAllThreadIds();
		long[] allocated = threads.getThreadAllocatedBytes(ids);
		for (int i = 0; i < ids.length; i++) {
			// Negative if it has ended meanwhile
			this.allocatedByThread.merge(ids[i], allocated[i], Math::max);
		}
		return this.allocatedByThread.values().stream().mapToLong((bytes) -> Math.max(0, bytes)).sum();
	}

	/**
	 * Return the size of live objects. What is used now would include the buffers that
	 * threads have taken to allocate from, megabytes in a large heap.
	 * @return the number of bytes
	 */
	private static long heapAfterCollection() {
		// Reference handling may free more for the second
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.mapToLong((pool) -> pool.getCollectionUsage().getUsed())
			.sum();
	}

}
