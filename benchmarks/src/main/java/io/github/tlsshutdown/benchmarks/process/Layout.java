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

import java.io.File;
import java.nio.file.Path;

/**
 * Where the build has put what servers are made of. The working directory is that of the
 * module.
 */
public final class Layout {

	/** What the build makes. */
	public static final Path TARGET = Path.of("target").toAbsolutePath();

	/** The classes of this module. */
	public static final Path CLASSES = TARGET.resolve("classes");

	/** What every variant has. */
	public static final Path APPLICATION_LIBRARIES = TARGET.resolve("class-path/application");

	/** What only variants with the starter have. */
	public static final Path STARTER_LIBRARIES = TARGET.resolve("class-path/starter");

	/** Logs, keys and other things of the moment. */
	public static final Path WORK = TARGET.resolve("work");

	/** What was measured. */
	public static final Path RESULTS = TARGET.resolve("results");

	/** The application on Jetty. */
	public static final Path JETTY_LIBRARIES = TARGET.resolve("class-path/jetty");

	/** The application on Reactor Netty. */
	public static final Path REACTOR_NETTY_LIBRARIES = TARGET.resolve("class-path/reactor-netty");

	/** Configuration files of servers that are no Java. */
	public static final Path SERVERS = Path.of("src/servers").toAbsolutePath();

	private Layout() {
	}

	/**
	 * Return what stands for all jars of a directory in a class path.
	 * @param directory the directory
	 * @return an entry of a class path
	 */
	public static String all(Path directory) {
		return directory + File.separator + "*";
	}

}
