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

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.tlsshutdown.testsupport.DoctoredTomcat;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose Tomcat no longer asks its endpoint for a channel by the method we
 * override: unless someone looks, they start and nothing ends by the policy.
 */
class UnsupportedTomcatTests {

	@TempDir
	private Path directory;

	private DoctoredTomcat tomcat;

	@BeforeEach
	void renameHook() throws IOException {
		this.tomcat = new DoctoredTomcat(this.directory).version("11.0.999.0")
			.rename(NioEndpoint.class, "createChannel",
					MethodType.methodType(NioChannel.class, SocketBufferHandler.class).toMethodDescriptorString());
	}

	@Test
	void applicationDoesNotStartAndSaysWhatToDo() throws Exception {
		Run run = Run.of(this.tomcat);
		assertThat(run.output()).contains("APPLICATION FAILED TO START")
			.containsSubsequence("Description:",
					"tls.shutdown.* cannot be applied to Apache Tomcat/11.0.999.0"
							+ ": it has no NioEndpoint.createChannel(SocketBufferHandler)",
					"Action:", "Upgrade tls-shutdown-spring-boot-starter",
					"is tested with Tomcat " + UnsupportedTomcatFailureAnalyzer.TESTED, "tls.shutdown.enabled=false")
			.doesNotContain("has started");
		assertThat(run.status()).isOne();
	}

	@Test
	void applicationStartsWhenSwitchedOff() throws Exception {
		Run run = Run.of(this.tomcat, "tls.shutdown.enabled=false");
		assertThat(run.output()).contains("has started");
		assertThat(run.status()).isZero();
	}

	private record Run(int status, String output) {

		static Run of(DoctoredTomcat tomcat, String... properties) throws IOException, InterruptedException {
			ProcessBuilder builder = new ProcessBuilder(
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
					"-cp", tomcat.classPath(), Main.class.getName());
			builder.command().addAll(List.of(properties));
			Process process = builder.redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return new Run(process.waitFor(), output);
		}

	}

	/**
	 * Starts and stops a server.
	 */
	public static final class Main {

		private Main() {
		}

		/**
		 * Run the program.
		 * @param properties properties of the application
		 */
		public static void main(String[] properties) {
			try (TestServer server = TestServer.start(properties)) {
				System.out.println("has started on port " + server.port());
			}
		}

	}

}
