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

package io.github.tlsshutdown.testsupport;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * The server that a run of the tests is about, chosen by the system property
 * {@code server.under.test}. Another server's classes may be missing.
 */
public enum ServerUnderTest {

	/** The default. */
	TOMCAT(() -> new TomcatPlug()),

	/** For servlets and WebFlux, as Tomcat. */
	JETTY(() -> new JettyPlug());

	private static final ServerUnderTest current = valueOf(
			System.getProperty("server.under.test", "tomcat").toUpperCase(Locale.ROOT));

	private final Supplier<ServerPlug> plug;

	ServerUnderTest(Supplier<ServerPlug> plug) {
		this.plug = plug;
	}

	/**
	 * Return the server that the tests are about.
	 * @return the server
	 */
	public static ServerUnderTest current() {
		return current;
	}

	/**
	 * Return the name of a connector of the server.
	 * @param port its port, which was chosen by the operating system
	 * @return a regular expression
	 */
	public String connectorName(int port) {
		String prefix = (this == TOMCAT) ? "https-jsse-nio-auto-\\d+-"
				: "https-" + name().toLowerCase(Locale.ROOT) + "-";
		return prefix + port;
	}

	/**
	 * Return what {@link TestServer} has to know of it.
	 * @return what is different from other servers
	 */
	static ServerPlug plug() {
		return current.plug.get();
	}

}
