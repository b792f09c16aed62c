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

package io.github.tlsshutdown.autoconfigure;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that really lacks what is optional, rather than one that is told so: it
 * runs in a process of its own.
 */
class OptionalLibrariesTests {

	/** What Spring itself needs of Micrometer. */
	private static final String KEPT = "micrometer-(commons|observation)-.*";

	@ParameterizedTest
	@CsvSource({ ".*micrometer.*, true, false", ".*actuator.*, false, true", ".*(actuator|micrometer).*, false, false",
			".*(slf4j|logback|log4j).*, true, true" })
	void applicationRunsWithout(String absent, boolean endpoint, boolean metrics) throws Exception {
		String classPath = Pattern.compile(File.pathSeparator)
			.splitAsStream(System.getProperty("java.class.path"))
			.filter((path) -> isPresent(Path.of(path).getFileName().toString(), absent))
			.collect(Collectors.joining(File.pathSeparator));
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", classPath, Application.class.getName())
			.redirectErrorStream(true)
			.start();
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.endsWith("SENT endpoint=" + endpoint + " metrics=" + metrics)
			.doesNotContain("WARN", "ERROR");
		assertThat(process.waitFor()).isZero();
	}

	private static boolean isPresent(String jar, String absent) {
		return jar.matches(KEPT) || !jar.matches(absent);
	}

	/**
	 * What runs in the other process: it serves one connection and tells how it ended.
	 */
	public static class Application {

		/**
		 * Serve one connection.
		 * @param args not used
		 * @throws Exception if that fails
		 */
		public static void main(String[] args) throws Exception {
			try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class },
					"management.endpoints.web.exposure.include=*");
					TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				peer.readResponse("bye");
				System.out.print(server.recorder().awaitEvent(peer.localPort()).outcome() + " endpoint="
						+ server.context().containsBean("tlsShutdownEndpoint") + " metrics="
						+ server.context().containsBean("tlsShutdownMetrics"));
			}
		}

	}

}
