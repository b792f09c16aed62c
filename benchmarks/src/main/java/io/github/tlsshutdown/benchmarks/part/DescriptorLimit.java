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
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many files a process may have open.
 */
final class DescriptorLimit {

	private static final String NAME = "Max open files";

	private DescriptorLimit() {
	}

	static int get() throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
			if (line.startsWith(NAME)) {
				String soft = line.substring(NAME.length()).strip().split("\\s+")[0];
				return "unlimited".equals(soft) ? Integer.MAX_VALUE : Integer.parseInt(soft);
			}
		}
		throw new IOException("No limit of open files");
	}

}
