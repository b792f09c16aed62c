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
import java.util.ArrayList;
import java.util.List;

/**
 * The application with the starter, by one policy, or without it.
 *
 * @param name what the results call it
 * @param platform the server
 * @param starter whether the starter is on the class path
 * @param arguments what makes this variant
 */
public record Variant(String name, Platform platform, boolean starter,
		List<String> arguments) implements ServerFactory {

	/** The clients speak HTTP/1.1, and Jetty would need another library. */
	static final String NO_HTTP2 = "--server.http2.enabled=false";

	/** The application without the starter. */
	public static final Variant NONE = new Variant("none", Platform.TOMCAT, false, List.of());

	/** The same once more, in another JVM: what it differs by is noise. */
	public static final Variant CONTROL = new Variant("none again", Platform.TOMCAT, false, List.of());

	/** The default policy. */
	public static final Variant UNIDIRECTIONAL = policy("unidirectional");

	/** Waits for the peers' alerts. */
	public static final Variant BIDIRECTIONAL = policy("bidirectional");

	/** Sends no alert. */
	public static final Variant QUIET = policy("quiet");

	private static Variant policy(String policy) {
		return new Variant(policy, Platform.TOMCAT, true, List.of("--tls.shutdown.policy=" + policy));
	}

	/**
	 * Return this variant on another server.
	 * @param platform the server
	 * @return the variant
	 */
	public Variant on(Platform platform) {
		return new Variant(this.name, platform, this.starter, this.arguments);
	}

	@Override
	public JavaServer start(ServerOptions options) throws IOException {
		return program(this.platform.application()).start(options);
	}

	JavaProgram program(String mainClass) {
		List<String> classPath = new ArrayList<>(
				List.of(Layout.CLASSES.toString(), Layout.all(this.platform.libraries())));
		if (this.starter) {
			classPath.add(Layout.all(Layout.STARTER_LIBRARIES));
		}
		List<String> arguments = new ArrayList<>(this.platform.arguments());
		arguments.addAll(this.arguments);
		return new JavaProgram(this.name, classPath, mainClass, arguments);
	}

}
