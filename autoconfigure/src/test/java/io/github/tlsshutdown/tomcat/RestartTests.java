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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.RestartedApplication;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that stop with work in hand, and that start again in the same JVM.
 */
class RestartTests {

	private static final int LARGE = 8_000_000;

	@ParameterizedTest
	@EnumSource
	void requestInFlightIsServedWholeWhileOthersWaitAndServerStops(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s",
				"server.shutdown=graceful");
				TlsPeer waiting = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer inFlight = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 65_536)) {
			int port = server.port();
			int before = pendingAfterBye(server, waiting, policy);
			inFlight.get("/hello?size=" + LARGE);
			inFlight.readAtLeast(1);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			await().until(() -> !accepts(port));
			assertThat(stop).isNotDone();
			assertThat(server.recorder().connector().getPending()).isEqualTo(before);
			PolicyAssertions.assertServerEnds(server.recorder(), inFlight, policy);
			String text = inFlight.receivedText();
			assertThat(text.length() - text.indexOf("\r\n\r\n") - 4).isEqualTo(LARGE);
			PolicyAssertions.assertServerEnds(server.recorder(), waiting, policy);
			stop.get();
			assertThat(server.recorder().connectors()).isEmpty();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void applicationThatStartsTenTimesLeavesNothingBehind() throws IOException {
		startAndStop();
		Left first = Left.now();
		for (int i = 0; i < 10; i++) {
			startAndStop();
		}
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			Left now = Left.now();
			assertThat(now.descriptors()).isLessThanOrEqualTo(first.descriptors());
			assertThat(now.selectors()).isLessThanOrEqualTo(first.selectors());
			assertThat(now.threads()).isSubsetOf(first.threads());
		});
	}

	@Test
	void classesOfApplicationsThatHaveStoppedAreLetGo() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:SoftRefLRUPolicyMSPerMB=0", "-cp",
				System.getProperty("java.class.path"), RestartedApplication.class.getName(), "12",
				Path.of("target", "test-classes").toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		// Spring and Tomcat hold on to the last few, not to all
		assertThat(output.strip()).matches("(?s).*left: [0-5]");
	}

	private static int pendingAfterBye(TestServer server, TlsPeer peer, TlsShutdownPolicy policy) throws IOException {
		peer.get("/bye");
		peer.readResponse("bye");
		int pending = (policy == TlsShutdownPolicy.BIDIRECTIONAL) ? 1 : 0;
		await().until(() -> server.recorder().connector().getPending() == pending
				&& server.recorder().events().size() == 1 - pending);
		return pending;
	}

	private static boolean accepts(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void startAndStop() throws IOException {
		TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=1ms",
				"tls.shutdown.max-wait=1ms");
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.readResponse("bye");
			idle.get("/hello");
			idle.readResponse("hello");
			server.close();
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.TIMED_OUT).containsValue(2L);
			assertThat(server.recorder().connectors()).isEmpty();
		}
	}

	private record Left(long descriptors, long selectors, List<String> threads) {

		static Left now() {
			return new Left(descriptors(""), descriptors("anon_inode:[eventpoll]"),
					Thread.getAllStackTraces()
						.keySet()
						.stream()
						.map(Thread::getName)
						.filter((name) -> name.matches("https-.*|container-.*|Catalina-.*"))
						.toList());
		}

		private static long descriptors(String prefix) {
			try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
				return descriptors.filter((descriptor) -> target(descriptor).startsWith(prefix)).count();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static String target(Path descriptor) {
			try {
				return Files.readSymbolicLink(descriptor).toString();
			}
			catch (IOException ex) {
				// The one that lists them
				return "";
			}
		}

	}

}
