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

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.benchmarks.application.BenchmarkApplication;
import io.github.tlsshutdown.benchmarks.reactive.ReactiveApplication;

/**
 * What one would take instead of Tomcat with the starter, as far as it is installed.
 */
public final class Rivals {

	private static final String NGINX = "/usr/sbin/nginx";

	private static final String HTTPD = "/usr/sbin/apache2";

	private static final String HAPROXY = "/usr/sbin/haproxy";

	private static final String MODULES = "/usr/lib/apache2/modules";

	private static final Pattern VERSION = Pattern.compile("(?:nginx/|Apache/|HAProxy version )([0-9.]+)");

	/** Their clients speak HTTP/1.1, and Jetty would need another library. */
	private static final String NO_HTTP2 = "--server.http2.enabled=false";

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
			rivals.add(new Rival(nginx(name, "on"), nginx(name + ", lingering_close always", "always")));
		}
		if (Commands.available(HTTPD, "-v")) {
			String name = "httpd " + version(HTTPD);
			rivals.add(new Rival(httpd(name, ""),
					httpd(name + ", ssl-accurate-shutdown", "SetEnvIf Request_URI ^ ssl-accurate-shutdown")));
		}
		if (Commands.available(HAPROXY, "-v")) {
			rivals.add(new Rival(haproxy("HAProxy " + version(HAPROXY), longAnswers), null));
		}
		rivals.add(new Rival(jetty(), null));
		String reactorNetty = "Reactor Netty " + version(Layout.REACTOR_NETTY_LIBRARIES, "reactor-netty-http");
		rivals.add(new Rival(reactorNetty(reactorNetty),
				reactorNetty(reactorNetty + ", closeNotifyReadTimeout", "--benchmark.close-notify-read-timeout=3000")));
		String tomcat = "Tomcat " + version(Layout.APPLICATION_LIBRARIES, "tomcat-embed-core");
		rivals.add(new Rival(new Variant(tomcat, Platform.TOMCAT, false, List.of(NO_HTTP2)),
				new Variant(tomcat + ", bidirectional", Platform.TOMCAT, true,
						List.of(NO_HTTP2, "--tls.shutdown.policy=bidirectional"))));
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

	private static ServerFactory jetty() throws IOException {
		return new JavaProgram("Jetty " + version(Layout.JETTY_LIBRARIES, "jetty-server"),
				List.of(Layout.CLASSES.toString(), Layout.all(Layout.JETTY_LIBRARIES)),
				BenchmarkApplication.class.getName(), List.of(NO_HTTP2));
	}

	private static ServerFactory reactorNetty(String name, String... arguments) {
		return new JavaProgram(name, List.of(Layout.CLASSES.toString(), Layout.all(Layout.REACTOR_NETTY_LIBRARIES)),
				ReactiveApplication.class.getName(), Stream.concat(Stream.of(NO_HTTP2), Stream.of(arguments)).toList());
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
	 * A server, and the same told to wait.
	 *
	 * @param byDefault as it is
	 * @param waiting told to wait for the peer's close_notify; {@code null} if it cannot
	 */
	public record Rival(ServerFactory byDefault, @Nullable ServerFactory waiting) {

		/**
		 * Return both, or the one there is.
		 * @return the servers
		 */
		public List<ServerFactory> both() {
			return (this.waiting != null) ? List.of(this.byDefault, this.waiting) : List.of(this.byDefault);
		}

	}

}
