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

package io.github.tlsshutdown.benchmarks.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel says about the processes of a server at one moment.
 *
 * @param cpu processor time, user and system, of each thread that is alive, by its id, in
 * nanoseconds, without the threads that compile bytecode
 * @param compiler the same of the threads that compile bytecode
 * @param residentBytes memory in use
 * @param descriptors number of open files
 */
public record ProcessSample(Map<Long, Long> cpu, Map<Long, Long> compiler, long residentBytes, int descriptors) {

	/**
	 * Look at a server.
	 * @param server the server
	 * @return what was seen
	 * @throws IOException if there is nothing to be seen
	 */
	public static ProcessSample of(Server server) throws IOException {
		Map<Long, Long> cpu = new HashMap<>();
		Map<Long, Long> compiler = new HashMap<>();
		long resident = 0;
		int descriptors = 0;
		for (long pid : server.pids()) {
			Path process = Path.of("/proc", Long.toString(pid));
			try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
				for (Path task : tasks) {
					try {
						String name = Files.readString(task.resolve("comm")).strip();
						// Nanoseconds, where stat only has hundredths of a second
						long nanos = Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
						// The kernel's names are short ones
						boolean compiles = name.startsWith("C1 Comp") || name.startsWith("C2 Comp");
						(compiles ? compiler : cpu).put(Long.valueOf(task.getFileName().toString()), nanos);
					}
					catch (NoSuchFileException ex) {
						// Has ended meanwhile
					}
				}
				resident += residentBytes(process);
				descriptors += count(process.resolve("fd"));
			}
			catch (NoSuchFileException ex) {
				// One of several processes may end meanwhile
				if (server.pids().contains(pid)) {
					throw ex;
				}
			}
		}
		return new ProcessSample(cpu, compiler, resident, descriptors);
	}

	/**
	 * Return the processor time since an earlier sample, without the threads that compile
	 * bytecode. A thread that has ended since then counts as if it had done nothing.
	 * @param before the earlier sample
	 * @return the processor time, in nanoseconds
	 */
	public long cpuNanosSince(ProcessSample before) {
		return nanosSince(before.cpu, this.cpu);
	}

	/**
	 * Return the processor time of the threads that compile bytecode since an earlier
	 * sample.
	 * @param before the earlier sample
	 * @return the processor time, in nanoseconds
	 */
	public long compilerNanosSince(ProcessSample before) {
		return nanosSince(before.compiler, this.compiler);
	}

	private static long nanosSince(Map<Long, Long> before, Map<Long, Long> after) {
		return after.entrySet().stream().mapToLong((thread) -> {
			long nanos = before.getOrDefault(thread.getKey(), 0L);
			// Less than before: a new thread with the id of one that has ended
			return (thread.getValue() >= nanos) ? thread.getValue() - nanos : thread.getValue();
		}).sum();
	}

	/**
	 * Return how many threads there are.
	 * @return the number of threads
	 */
	public int threads() {
		return this.cpu.size() + this.compiler.size();
	}

	/**
	 * Count the open files of a server.
	 * @param server the server
	 * @return how many there are
	 * @throws IOException if there is nothing to be seen
	 */
	public static int descriptors(Server server) throws IOException {
		int descriptors = 0;
		for (long pid : server.pids()) {
			descriptors += count(Path.of("/proc", Long.toString(pid), "fd"));
		}
		return descriptors;
	}

	/**
	 * Count the sockets of a server. One that several processes have counts once.
	 * @param server the server
	 * @return how many there are
	 */
	public static int sockets(Server server) {
		Set<String> sockets = new HashSet<>();
		for (long pid : server.pids()) {
			Path directory = Path.of("/proc", Long.toString(pid), "fd");
			String[] names = directory.toFile().list();
			for (String name : (names != null) ? names : new String[0]) {
				try {
					String target = Files.readSymbolicLink(directory.resolve(name)).toString();
					if (target.startsWith("socket:")) {
						sockets.add(target);
					}
				}
				catch (IOException ex) {
					// Was closed meanwhile
				}
			}
		}
		return sockets.size();
	}

	private static long residentBytes(Path process) throws IOException {
		List<String> status = Files.readAllLines(process.resolve("status"));
		for (String line : status) {
			if (line.startsWith("VmRSS:")) {
				return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
			}
		}
		return 0;
	}

	private static int count(Path directory) throws IOException {
		// Not a stream of paths: there may be tens of thousands
		String[] names = directory.toFile().list();
		if (names == null) {
			throw new NoSuchFileException(directory.toString());
		}
		return names.length;
	}

}
