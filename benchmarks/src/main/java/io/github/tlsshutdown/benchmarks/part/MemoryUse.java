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
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.tlsshutdown.benchmarks.process.Commands;
import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.ProcessSample;

/**
 * What memory a server uses.
 *
 * @param heap live objects, in bytes
 * @param committed what the JVM says it has from the system, in bytes
 * @param sample what the kernel says
 */
record MemoryUse(long heap, long committed, ProcessSample sample) {

	private static final Pattern TOTAL = Pattern.compile("Total: reserved=\\d+KB, committed=(\\d+)KB");

	static MemoryUse of(JavaServer server) throws IOException {
		long heap = server.ask("/heap");
		String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		String output = Commands.run(jcmd, server.pids().get(0).toString(), "VM.native_memory", "summary");
		Matcher total = TOTAL.matcher(output);
		if (!total.find()) {
			throw new IOException("No total: " + output);
		}
		return new MemoryUse(heap, Long.parseLong(total.group(1)) * 1024, ProcessSample.of(server));
	}

}
