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

package io.github.tlsshutdown.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.tlsshutdown.benchmarks.process.Commands;
import io.github.tlsshutdown.benchmarks.process.Server;

/**
 * The load generator of nghttp2, which costs little. For HTTP/2 alone: with HTTP/1.1 it
 * takes answers without a reason phrase, such as those of Tomcat, for failures.
 */
public final class H2Load {

	private static final Pattern REQUESTS = Pattern.compile("requests: (\\d+) total, .* (\\d+) succeeded, .*");

	private static final Pattern FINISHED = Pattern.compile("finished in ([0-9.]+)(us|ms|s), .*");

	private H2Load() {
	}

	/**
	 * Fail unless it is installed.
	 * @throws IOException if it cannot be run
	 */
	public static void require() throws IOException {
		if (!Commands.available("h2load", "--version")) {
			throw new IOException("h2load is missing: it is in Debian's package nghttp2-client");
		}
	}

	/**
	 * Send requests.
	 * @param server the server
	 * @param path what is asked for
	 * @param requests number of requests
	 * @param options options of h2load
	 * @return the time it took, in seconds
	 * @throws IOException if a request was not answered
	 */
	public static double run(Server server, String path, int requests, String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of("h2load", "-n", Integer.toString(requests)));
		command.addAll(List.of(options));
		command.add("https://127.0.0.1:" + server.address().getPort() + path);
		String output = Commands.run(command.toArray(String[]::new));
		Matcher done = REQUESTS.matcher(output);
		Matcher finished = FINISHED.matcher(output);
		if (!done.find() || !finished.find() || !done.group(2).equals(Integer.toString(requests))) {
			throw new IOException("Not every request was answered: " + output);
		}
		double time = Double.parseDouble(finished.group(1));
		return switch (finished.group(2)) {
			case "us" -> time / 1_000_000;
			case "ms" -> time / 1_000;
			default -> time;
		};
	}

}
