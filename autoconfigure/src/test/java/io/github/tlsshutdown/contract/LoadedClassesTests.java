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

package io.github.tlsshutdown.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where one server runs, nothing is loaded that is meant for another.
 */
class LoadedClassesTests {

	private static final String PACKAGE = "io.github.tlsshutdown.";

	@Test
	void noAdapterOfAnotherServerIsLoaded(@TempDir Path directory) throws Exception {
		List<String> loaded = classesLoaded(directory);
		assertThat(loaded).contains(PACKAGE + "engine.ConnectionShutdown");
		assertThat(ServerUnderTest.values()).allSatisfy((server) -> {
			String adapter = PACKAGE + server.name().toLowerCase(Locale.ROOT) + ".";
			Stream<String> ofAdapter = loaded.stream().filter((name) -> name.startsWith(adapter));
			if (server == ServerUnderTest.current()) {
				assertThat(ofAdapter).isNotEmpty();
			}
			else {
				assertThat(ofAdapter).isEmpty();
			}
		});
	}

	private static List<String> classesLoaded(Path directory) throws IOException, InterruptedException {
		Path log = directory.resolve("classes");
		Path output = directory.resolve("output");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xlog:class+load:file=" + log + "::filecount=0", "-Dserver.under.test=" + ServerUnderTest.current(),
				"-cp", System.getProperty("java.class.path"), Application.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(() -> read(output)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		// [0.123s][info][class,load] name source: where
		return read(log).lines()
			.map((line) -> line.substring(line.lastIndexOf("] ") + 2).split(" ")[0])
			.filter((name) -> name.startsWith(PACKAGE))
			.toList();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return Arrays.toString(ex.getStackTrace());
		}
	}

	/**
	 * Ends the first connection, and then itself.
	 */
	public static final class Application {

		private Application() {
		}

		public static void main(String[] args) throws IOException {
			try (TestServer server = TestServer.start(); TlsPeer peer = server.peerAfterBye()) {
				peer.sendCloseNotify();
				server.recorder().awaitTotal(1);
			}
		}

	}

}
