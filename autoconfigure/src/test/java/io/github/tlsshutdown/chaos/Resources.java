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

package io.github.tlsshutdown.chaos;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.ManyConnections;

/**
 * What this process holds.
 *
 * @param sockets open sockets
 * @param threads number of threads by name, without the numbers in it
 * @param heap bytes of the heap in use, when all that can be freed is
 * @param direct bytes of direct buffers, and of what the server has in their place
 */
record Resources(long sockets, Map<String, Long> threads, long heap, long direct) {

	static Resources now() {
		return new Resources(LinuxSockets.open(), threadsByName(), heapInUse(), directBuffers());
	}

	/**
	 * Return the threads that were not there before.
	 * @param before what was there
	 * @return number of threads by name
	 */
	Map<String, Long> threadsBeyond(Resources before) {
		Map<String, Long> beyond = new TreeMap<>();
		this.threads.forEach((name, number) -> {
			long more = number - before.threads().getOrDefault(name, 0L);
			if (more > 0) {
				beyond.put(name, more);
			}
		});
		return beyond;
	}

	private static Map<String, Long> threadsByName() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith("awaitility"))
			.collect(
					Collectors.groupingBy((thread) -> thread.getName().replaceAll("\\d+", "#"), Collectors.counting()));
	}

	private static long heapInUse() {
		long least = Long.MAX_VALUE;
		// What is freed by cleaners and weak references goes with a later collection
		for (int i = 0; i < 5; i++) {
			System.gc();
			least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return least;
	}

	private static long directBuffers() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum() + ManyConnections.memoryOfItsOwn();
	}

}
