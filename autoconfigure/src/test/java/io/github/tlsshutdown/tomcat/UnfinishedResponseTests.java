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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.UnfinishedWay;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Responses that the application does not finish, though it has begun: its handler fails,
 * writes less than it has declared, or asks for it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class UnfinishedResponseTests {

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	/** Has Tomcat's error page, which cannot be shown any more. */
	private TestServer server;

	/** Has Spring Boot's, which Tomcat includes in what was sent already. */
	private TestServer fullServer;

	@BeforeAll
	void startServers() {
		this.server = TestServer.start(new Class<?>[] { Configured.class }, "server.tomcat.keep-alive-timeout=1s");
		this.fullServer = TestServer.start(new Class<?>[] { Configured.class, FullApplication.class },
				FullApplication.PATH_PROPERTY, "server.tomcat.keep-alive-timeout=1s");
	}

	@AfterAll
	void stopServers() {
		this.server.close();
		this.fullServer.close();
	}

	static Stream<Arguments> policiesAndWays() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of(UnfinishedWay.values()).map((way) -> Arguments.of(policy, way)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndWays")
	void responseThatIsNotFinishedIsNotSigned(TlsShutdownPolicy policy, UnfinishedWay way) throws IOException {
		assertAborted(List.of(this.server, this.fullServer), policy, "/ways/" + way);
	}

	@ParameterizedTest
	@EnumSource
	void streamingResponseBodyThatFailsIsNotSigned(TlsShutdownPolicy policy) throws IOException {
		assertAborted(List.of(this.fullServer), policy, FullApplication.PATH + "/streaming");
	}

	@ParameterizedTest
	@EnumSource
	void eventsThatAreCompletedWithAnErrorAreNotSigned(TlsShutdownPolicy policy) throws IOException {
		assertAborted(List.of(this.fullServer), policy, FullApplication.PATH + "/events");
	}

	@ParameterizedTest
	@EnumSource
	void fileThatIsShorterThanItWasIsNotSigned(TlsShutdownPolicy policy) throws IOException {
		assertAborted(List.of(this.server), policy, "/file");
	}

	@ParameterizedTest
	@EnumSource
	void opensslReportsResponseThatIsNotFinished(UnfinishedWay way) throws Exception {
		this.server.usePolicy(TlsShutdownPolicy.UNIDIRECTIONAL);
		Process process = new ProcessBuilder("openssl", "s_client", "-quiet", "-connect",
				"127.0.0.1:" + this.server.port())
			.redirectErrorStream(true)
			.start();
		try {
			process.getOutputStream()
				.write(("GET /ways/" + way + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			process.getOutputStream().flush();
			assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).contains("begun")
				.contains("unexpected eof while reading");
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isNotZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static void assertAborted(List<TestServer> servers, TlsShutdownPolicy policy, String path)
			throws IOException {
		Map<TlsPeer, TestServer> peers = new LinkedHashMap<>();
		try {
			for (TestServer server : servers) {
				server.usePolicy(policy);
				for (String protocol : PROTOCOLS) {
					TlsPeer peer = TlsPeer.connect(server.port(), protocol);
					peers.put(peer, server);
					peer.get(path);
				}
			}
			for (Map.Entry<TlsPeer, TestServer> entry : peers.entrySet()) {
				TlsPeer peer = entry.getKey();
				PolicyAssertions.assertAborted(entry.getValue().recorder(), peer, policy);
				assertThat(peer.receivedText()).startsWith("HTTP/1.1 200")
					.contains("begun")
					.doesNotContain("\r\n0\r\n\r\n");
			}
		}
		finally {
			for (TlsPeer peer : peers.keySet()) {
				peer.close();
			}
		}
	}

	private static final class WaysServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			try {
				UnfinishedWay.valueOf(request.getPathInfo().substring(1)).handle(request, response);
			}
			catch (ServletException | IOException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new ServletException(ex);
			}
		}

	}

	/**
	 * Has Tomcat send a file that ends before the length that was declared.
	 */
	private static final class FileServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final String file;

		FileServlet(String file) {
			this.file = file;
		}

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) {
			assertThat(request.getAttribute("org.apache.tomcat.sendfile.support")).isEqualTo(true);
			response.setHeader("Connection", "close");
			response.setContentLength(100_000);
			request.setAttribute("org.apache.tomcat.sendfile.filename", this.file);
			request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
			request.setAttribute("org.apache.tomcat.sendfile.end", 100_000L);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		ServletRegistrationBean<FileServlet> fileServlet() throws IOException {
			Path file = Files.createTempFile(Path.of("target"), "short", ".txt");
			Files.writeString(file, "begun".repeat(10_000));
			return new ServletRegistrationBean<>(new FileServlet(file.toAbsolutePath().toString()), "/file");
		}

		@Bean
		ServletRegistrationBean<WaysServlet> waysServlet() {
			ServletRegistrationBean<WaysServlet> registration = new ServletRegistrationBean<>(new WaysServlet(),
					"/ways/*");
			registration.setAsyncSupported(true);
			return registration;
		}

		@Bean
		FailingController failingController() {
			return new FailingController();
		}

	}

	@RestController
	static class FailingController {

		@GetMapping("/streaming")
		StreamingResponseBody streaming(HttpServletResponse response) {
			response.setHeader("Connection", "close");
			return (output) -> {
				// More than is kept: Spring does not pass on what is flushed
				output.write("begun".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
				throw new IOException("thrown by the test");
			};
		}

		@GetMapping("/events")
		SseEmitter events(HttpServletResponse response) throws IOException {
			response.setHeader("Connection", "close");
			SseEmitter emitter = new SseEmitter();
			emitter.send("begun");
			emitter.completeWithError(new IllegalStateException("thrown by the test"));
			return emitter;
		}

	}

}
