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
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Programs that are run to their end.
 */
public final class Commands {

	private Commands() {
	}

	/**
	 * Run a program.
	 * @param command the program and its arguments
	 * @return what it wrote
	 * @throws IOException if it cannot be run or fails
	 */
	public static String run(String... command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		try {
			if (process.waitFor() != 0) {
				throw new IOException(List.of(command) + " failed: " + output);
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			throw new IOException(ex);
		}
		return output;
	}

	/**
	 * Return whether a program can be run.
	 * @param command the program, with arguments that make it end at once
	 * @return whether it can
	 */
	public static boolean available(String... command) {
		try {
			run(command);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
