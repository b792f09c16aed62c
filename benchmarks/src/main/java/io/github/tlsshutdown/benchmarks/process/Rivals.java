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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one would take instead of Tomcat with the starter, as far as it is installed.
 */
public final class Rivals {

	private static final String NGINX = "/usr/sbin/nginx";

	private static final String HTTPD = "/usr/sbin/apache2";

	private static final String HAPROXY = "/usr/sbin/haproxy";

	private static final String MODULES = "/usr/lib/apache2/modules";

	private static final Pattern VERSION = Pattern.compile("(?:nginx/|Apache/|HAProxy version )([0-9.]+)");

	private final Path answers;

	/**
	 * Create rivals.
	 * @param answers where the long answers are, for those who have them in files
	 */
	public Rivals(Path answers) {
		this.answers = answers;
	}

	/**
	 * Return the servers, each by default and, where it can be told to wait for the
	 * answer to its close_notify, told so.
	 * @param longAnswers whether long answers are wanted of them
	 * @return the servers that are installed
	 * @throws IOException if a version is unknown
	 */
	public List<Rival> all(boolean longAnswers) throws IOException {
		List<Rival> rivals = new ArrayList<>();
		if (Commands.available(NGINX, "-v")) {
			String name = "nginx " + version(NGINX);
			rivals.add(Rival.of(nginx(name, "on"), nginx(name + ", lingering_close always", "always")));
		}
		if (Commands.available(HTTPD, "-v")) {
			String name = "httpd " + version(HTTPD);
			rivals.add(Rival.of(httpd(name, ""),
					httpd(name + ", ssl-accurate-shutdown", "SetEnvIf Request_URI ^ ssl-accurate-shutdown")));
		}
		if (Commands.available(HAPROXY, "-v")) {
			rivals.add(Rival.of(haproxy("HAProxy " + version(HAPROXY), longAnswers)));
		}
		String jetty = "Jetty " + version(Layout.JETTY_LIBRARIES, "jetty-server");
		rivals.add(Rival.of(plain(jetty, Platform.JETTY), bidirectional(jetty, Platform.JETTY)));
		String reactorNetty = "Reactor Netty " + version(Layout.REACTOR_NETTY_LIBRARIES, "reactor-netty-http");
		rivals.add(Rival.of(plain(reactorNetty, Platform.REACTOR_NETTY),
				plain(reactorNetty + ", closeNotifyReadTimeout", Platform.REACTOR_NETTY,
						"--benchmark.close-notify-read-timeout=3000"),
				bidirectional(reactorNetty, Platform.REACTOR_NETTY)));
		String tomcat = "Tomcat " + version(Layout.APPLICATION_LIBRARIES, "tomcat-embed-core");
		rivals.add(Rival.of(plain(tomcat, Platform.TOMCAT, Variant.NO_HTTP2),
				bidirectional(tomcat, Platform.TOMCAT, Variant.NO_HTTP2)));
		return rivals;
	}

	private ServerFactory nginx(String name, String lingeringClose) {
		return new NativeProgram(name, List.of(NGINX, "-c", "@FILE@"), "nginx.conf",
				Map.of("LINGERING_CLOSE", lingeringClose, "ANSWERS", this.answers.toString()));
	}

	private ServerFactory httpd(String name, String shutdown) {
		return new NativeProgram(name, List.of(HTTPD, "-D", "FOREGROUND", "-f", "@FILE@"), "httpd.conf",
				Map.of("SHUTDOWN", shutdown, "MODULES", MODULES, "ANSWERS", this.answers.toString()));
	}

	private ServerFactory haproxy(String name, boolean longAnswers) {
		return new NativeProgram(name, List.of(HAPROXY, "-db", "-f", "@FILE@"),
				longAnswers ? "haproxy-answers.cfg" : "haproxy.cfg", Map.of("ANSWERS", this.answers.toString()));
	}

	private static ServerFactory plain(String name, Platform platform, String... arguments) {
		return new Variant(name, platform, false, List.of(arguments));
	}

	private static ServerFactory bidirectional(String server, Platform platform, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--tls.shutdown.policy=bidirectional");
		return new Variant(server + ", bidirectional", platform, true, all);
	}

	private static String version(String program) throws IOException {
		return find(VERSION, Commands.run(program, "-v"));
	}

	private static String version(Path libraries, String artifact) throws IOException {
		try (Stream<Path> jars = Files.list(libraries)) {
			String names = jars.map((jar) -> jar.getFileName().toString()).toList().toString();
			return find(Pattern.compile(Pattern.quote(artifact) + "-([0-9].*?)\\.jar"), names);
		}
	}

	private static String find(Pattern pattern, String text) throws IOException {
		Matcher matcher = pattern.matcher(text);
		if (!matcher.find()) {
			throw new IOException("No version in " + text);
		}
		return matcher.group(1);
	}

	/**
	 * A server, and the same told to wait for the peer's close_notify.
	 *
	 * @param byDefault as it is
	 * @param waiting told to wait, by each means that there is
	 */
	public record Rival(ServerFactory byDefault, List<ServerFactory> waiting) {

		static Rival of(ServerFactory byDefault, ServerFactory... waiting) {
			return new Rival(byDefault, List.of(waiting));
		}

		/**
		 * Return all.
		 * @return the servers
		 */
		public List<ServerFactory> all() {
			return Stream.concat(Stream.of(this.byDefault), this.waiting.stream()).toList();
		}

	}

}
