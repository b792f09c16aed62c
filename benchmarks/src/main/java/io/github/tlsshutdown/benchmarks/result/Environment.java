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

package io.github.tlsshutdown.benchmarks.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.tlsshutdown.benchmarks.process.Commands;
import io.github.tlsshutdown.benchmarks.process.Layout;

/**
 * On what, and with what, is measured.
 */
public final class Environment {

	private Environment() {
	}

	/**
	 * Describe this machine and this build.
	 * @return names and values
	 */
	public static Map<String, String> describe() {
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("Date", LocalDate.now(ZoneOffset.UTC).toString());
		facts.put("Commit", command("git", "log", "-1", "--format=%h"));
		facts.put("Processor",
				Runtime.getRuntime().availableProcessors() + " × " + find("/proc/cpuinfo", "model name\\s*: (.*)"));
		facts.put("Memory",
				Math.round(Long.parseLong(find("/proc/meminfo", "MemTotal:\\s*(\\d+)")) / 1048576.0) + " GiB");
		facts.put("Kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		facts.put("Java", System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")");
		facts.put("Spring Boot", version("spring-boot"));
		facts.put("Tomcat", version("tomcat-embed-core"));
		facts.put("Load before", find("/proc/loadavg", "^(\\S+)"));
		return facts;
	}

	private static String command(String... command) {
		try {
			return Commands.run(command).strip();
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	private static String find(String file, String pattern) {
		try {
			Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
			return matcher.find() ? matcher.group(1) : "0";
		}
		catch (IOException ex) {
			return "0";
		}
	}

	private static String version(String artifact) {
		Pattern name = Pattern.compile(Pattern.quote(artifact) + "-([0-9].*)\\.jar");
		try (Stream<Path> jars = Files.list(Layout.APPLICATION_LIBRARIES)) {
			return jars.map((jar) -> name.matcher(jar.getFileName().toString()))
				.filter(Matcher::matches)
				.map((matcher) -> matcher.group(1))
				.findFirst()
				.orElse("unknown");
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
