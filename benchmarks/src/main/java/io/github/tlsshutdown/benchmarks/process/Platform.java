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

import java.nio.file.Path;
import java.util.List;

import io.github.tlsshutdown.benchmarks.application.BenchmarkApplication;
import io.github.tlsshutdown.benchmarks.reactive.ReactiveApplication;

/**
 * An embedded server that the starter supports, and the application for it.
 */
public enum Platform {

	/** Spring MVC, as Spring Boot has it by default. */
	TOMCAT("", Layout.APPLICATION_LIBRARIES, BenchmarkApplication.class.getName(), List.of(),
			List.of("--server.tomcat.max-connections=100000", "--server.tomcat.keep-alive-timeout=30m",
					"--server.tomcat.connection-timeout=30m")),

	/** Spring MVC. */
	JETTY("-jetty", Layout.JETTY_LIBRARIES, BenchmarkApplication.class.getName(), List.of(Variant.NO_HTTP2),
			List.of("--server.jetty.connection-idle-timeout=30m")),

	/** WebFlux. */
	REACTOR_NETTY("-reactor-netty", Layout.REACTOR_NETTY_LIBRARIES, ReactiveApplication.class.getName(),
			List.of(Variant.NO_HTTP2), List.of("--server.netty.idle-timeout=30m"));

	private final String suffix;

	private final Path libraries;

	private final String application;

	private final List<String> arguments;

	private final List<String> patience;

	Platform(String suffix, Path libraries, String application, List<String> arguments, List<String> patience) {
		this.suffix = suffix;
		this.libraries = libraries;
		this.application = application;
		this.arguments = arguments;
		this.patience = patience;
	}

	/**
	 * Return what the results call a part of the benchmarks on this server.
	 * @param part its name on Tomcat
	 * @return its name
	 */
	public String part(String part) {
		return part + this.suffix;
	}

	/**
	 * Return whether this is Spring Boot's default. The applications on other servers
	 * speak HTTP/1.1 alone, and have no downloads.
	 * @return whether it is
	 */
	public boolean isDefault() {
		return this == TOMCAT;
	}

	/**
	 * Return what has the server keep many idle connections.
	 * @return arguments of the application
	 */
	public String[] patience() {
		return this.patience.toArray(String[]::new);
	}

	Path libraries() {
		return this.libraries;
	}

	String application() {
		return this.application;
	}

	List<String> arguments() {
		return this.arguments;
	}

}
