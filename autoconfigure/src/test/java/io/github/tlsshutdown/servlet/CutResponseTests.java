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

package io.github.tlsshutdown.servlet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Responses that the server gives up on because they cannot be written, to clients that
 * only read on afterwards. Their bodies end with the connection: were it signed, the
 * client would take what it has for all there is.
 */
class CutResponseTests {

	private static final int SIZE = 20_000_000;

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private static final List<String> PATHS = List.of("/blocking", "/elsewhere", "/non-blocking");

	/** Begins and does not go on. */
	private static final String OPEN = "/open";

	static Stream<Arguments> policiesAndBuffers() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of(true, false).map((small) -> Arguments.of(policy, small)));
	}

	@ParameterizedTest
	@EnumSource
	void responseThatCannotBeWrittenInTimeIsNotSigned(TlsShutdownPolicy policy) throws IOException {
		String[] timeouts = { "server.tomcat.connection-timeout=1s", "server.jetty.connection-idle-timeout=1s" };
		List<TlsPeer> peers = new ArrayList<>();
		// They take their time: both at once
		try (TestServer server = start(policy, false, timeouts);
				TestServer smallServer = start(policy, true, timeouts)) {
			List<TlsPeer> readers = connect(server, 0, peers);
			List<TlsPeer> smallReaders = connect(smallServer, 4096, peers);
			assertAborted(smallServer, smallReaders, policy);
			assertAborted(server, readers, policy);
			assertThat(readers).allSatisfy((peer) -> assertThat(peer.receivedText()).startsWith("HTTP/1.1 200")
				.doesNotContain("Content-Length"));
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	private static List<TlsPeer> connect(TestServer server, int receiveBuffer, List<TlsPeer> all) throws IOException {
		List<TlsPeer> peers = new ArrayList<>();
		for (String protocol : PROTOCOLS) {
			for (String path : PATHS) {
				TlsPeer peer = TlsPeer.connect(server.port(), protocol, TlsPeer.newContext(), receiveBuffer);
				all.add(peer);
				peers.add(peer);
				peer.get(path);
			}
		}
		return peers;
	}

	private static void assertAborted(TestServer server, List<TlsPeer> peers, TlsShutdownPolicy policy)
			throws IOException {
		// Only then do they read
		await().atMost(Duration.ofSeconds(20)).until(() -> server.openConnections() == 0);
		for (TlsPeer peer : peers) {
			PolicyAssertions.assertAborted(server.recorder(), peer, policy);
			assertThat(peer.receivedBytes()).isLessThan(SIZE);
		}
		server.recorder().awaitTotal(peers.size());
	}

	@ParameterizedTest
	@MethodSource("policiesAndBuffers")
	void responseThatIsCutByTheServersStopIsNotSigned(TlsShutdownPolicy policy, boolean smallBuffers) throws Exception {
		for (String protocol : PROTOCOLS) {
			TestServer server = start(policy, smallBuffers, "server.shutdown=immediate", "tls.shutdown.timeout=10s");
			EventRecorder recorder = server.recorder();
			CompletableFuture<Void> stop;
			try (TlsPeer peer = TlsPeer.connect(server.port(), protocol, TlsPeer.newContext(),
					smallBuffers ? 4096 : 0)) {
				peer.get("/blocking");
				peer.readAtLeast(1);
				stop = CompletableFuture.runAsync(server::close);
				await().atMost(Duration.ofSeconds(20)).until(() -> isEndingOrEnded(recorder));
				PolicyAssertions.assertAborted(recorder, peer, policy);
				assertThat(peer.receivedBytes()).isLessThan(SIZE);
			}
			finally {
				server.close();
			}
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseThatNobodyIsWritingIsNotSignedWhenTheServerStops(Shutdown shutdown) throws Exception {
		TlsShutdownPolicy policy = TlsShutdownPolicy.UNIDIRECTIONAL;
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = start(policy, false, "server.shutdown=" + shutdown, "tls.shutdown.timeout=10s",
				"spring.lifecycle.timeout-per-shutdown-phase=100ms")) {
			for (int i = 0; i < 20; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), PROTOCOLS.get(i % 2));
				peers.add(peer);
				peer.get(OPEN);
				peer.readAtLeast(1);
			}
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			for (TlsPeer peer : peers) {
				PolicyAssertions.assertAborted(server.recorder(), peer, policy);
				assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").doesNotContain("Content-Length");
			}
			server.recorder().awaitTotal(peers.size());
			stop.get(20, TimeUnit.SECONDS);
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void wholeResponseToClientThatPausesLongIsSigned(TlsShutdownPolicy policy) throws IOException {
		// Written into the kernel's buffers at once, and read much later
		try (TestServer server = start(policy, false, "server.tomcat.connection-timeout=1s",
				"server.jetty.connection-idle-timeout=1s"); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/blocking?size=100000");
			await().atMost(Duration.ofSeconds(20)).until(() -> server.openConnections() == 0);
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedText()).endsWith("x".repeat(100_000));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-tls1_2", "-tls1_3" })
	void opensslReportsUnexpectedEof(String protocol, @TempDir Path directory) throws Exception {
		Path errors = directory.resolve("errors");
		for (boolean smallBuffers : new boolean[] { true, false }) {
			try (TestServer server = start(TlsShutdownPolicy.UNIDIRECTIONAL, smallBuffers,
					"server.tomcat.connection-timeout=1s", "server.jetty.connection-idle-timeout=1s")) {
				Process process = new ProcessBuilder("openssl", "s_client", "-quiet", "-connect",
						"127.0.0.1:" + server.port(), protocol)
					.redirectError(errors.toFile())
					.start();
				try {
					process.getOutputStream()
						.write("GET /blocking HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
					process.getOutputStream().flush();
					// It cannot go on as long as nobody reads what it prints
					await().atMost(Duration.ofSeconds(20))
						.until(() -> process.getInputStream().available() > 0 && server.openConnections() == 0);
					assertThat(process.getInputStream().readAllBytes()).hasSizeLessThan(SIZE);
					assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
					assertThat(process.exitValue()).isNotZero();
					assertThat(Files.readString(errors)).contains("unexpected eof while reading");
				}
				finally {
					process.destroyForcibly();
				}
				server.recorder().awaitTotal(1);
				assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.ABORTED);
			}
		}
	}

	private static boolean isEndingOrEnded(EventRecorder recorder) {
		return !recorder.events().isEmpty()
				|| recorder.connectors().stream().allMatch((connector) -> connector.getPending() > 0);
	}

	private static TestServer start(TlsShutdownPolicy policy, boolean smallBuffers, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("tls.shutdown.policy=" + policy);
		return TestServer.start(smallBuffers ? new Class<?>[] { Servlets.class, SmallSendBuffer.class }
				: new Class<?>[] { Servlets.class }, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(LifecycleAutoConfiguration.class)
	static class Servlets {

		@Bean
		ServletRegistrationBean<LargeServlet> largeServlet() {
			ServletRegistrationBean<LargeServlet> registration = new ServletRegistrationBean<>(new LargeServlet(),
					PATHS.toArray(String[]::new));
			registration.addUrlMappings(OPEN);
			registration.setAsyncSupported(true);
			return registration;
		}

	}

	/**
	 * Answers without a length, by a thread of the container's, one of its own, or none.
	 */
	private static final class LargeServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setHeader("Connection", "close");
			String query = request.getQueryString();
			int size = (query != null) ? Integer.parseInt(query.substring("size=".length())) : SIZE;
			switch (request.getServletPath()) {
				case "/elsewhere" -> {
					AsyncContext async = startAsync(request);
					new Thread(() -> {
						try {
							write(async.getResponse().getOutputStream(), size);
							async.complete();
						}
						catch (IOException ex) {
							// The container has ended the request
						}
					}).start();
				}
				case "/non-blocking" -> response.getOutputStream()
					.setWriteListener(new LargeListener(startAsync(request), response.getOutputStream(), size));
				case OPEN -> {
					request.startAsync().setTimeout(0);
					response.getOutputStream().print("data");
					response.flushBuffer();
				}
				default -> write(response.getOutputStream(), size);
			}
		}

		private static AsyncContext startAsync(HttpServletRequest request) {
			AsyncContext async = request.startAsync();
			// Jetty waits for who has been told that writing has failed
			async.setTimeout(5000);
			return async;
		}

		private static void write(ServletOutputStream output, int size) throws IOException {
			byte[] data = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
			for (int left = size; left > 0; left -= data.length) {
				output.write(data);
			}
		}

	}

	private static final class LargeListener implements WriteListener {

		private final AsyncContext async;

		private final ServletOutputStream output;

		private int left;

		LargeListener(AsyncContext async, ServletOutputStream output, int size) {
			this.async = async;
			this.output = output;
			this.left = size;
		}

		@Override
		public void onWritePossible() throws IOException {
			byte[] data = new byte[10_000];
			while (this.output.isReady()) {
				if (this.left <= 0) {
					this.async.complete();
					return;
				}
				this.output.write(data);
				this.left -= data.length;
			}
		}

		@Override
		public void onError(Throwable ex) {
			this.async.complete();
		}

	}

}
