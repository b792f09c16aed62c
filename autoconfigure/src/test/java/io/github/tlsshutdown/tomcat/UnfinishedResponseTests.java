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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Responses that the application does not finish, though it has begun: its handler fails,
 * writes less than it has declared, or asks for it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class UnfinishedResponseTests {

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private static final int LENGTH = 10_000;

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
			.flatMap((policy) -> Stream.of(Way.values()).map((way) -> Arguments.of(policy, way)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndWays")
	void responseThatIsNotFinishedIsNotSigned(TlsShutdownPolicy policy, Way way) throws IOException {
		for (TestServer server : List.of(this.server, this.fullServer)) {
			assertAborted(server, policy, "/ways/" + way);
		}
	}

	@ParameterizedTest
	@EnumSource
	void streamingResponseBodyThatFailsIsNotSigned(TlsShutdownPolicy policy) throws IOException {
		assertAborted(this.fullServer, policy, FullApplication.PATH + "/streaming");
	}

	@ParameterizedTest
	@EnumSource
	void eventsThatAreCompletedWithAnErrorAreNotSigned(TlsShutdownPolicy policy) throws IOException {
		assertAborted(this.fullServer, policy, FullApplication.PATH + "/events");
	}

	@ParameterizedTest
	@EnumSource
	void curlReportsResponseThatIsNotFinished(Way way) throws Exception {
		this.server.usePolicy(TlsShutdownPolicy.UNIDIRECTIONAL);
		Process curl = new ProcessBuilder("curl", "--silent", "--insecure", "--max-time", "20", "--output", "/dev/null",
				"https://127.0.0.1:" + this.server.port() + "/ways/" + way)
			.inheritIO()
			.start();
		assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
		// 18: the rest is missing, 56: no close_notify
		assertThat(curl.exitValue()).isIn(18, 56);
	}

	private static void assertAborted(TestServer server, TlsShutdownPolicy policy, String path) throws IOException {
		server.usePolicy(policy);
		for (String protocol : PROTOCOLS) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
				peer.get(path);
				PolicyAssertions.assertAborted(server.recorder(), peer, policy);
				assertThat(peer.receivedText()).startsWith("HTTP/1.1 200")
					.contains("begun")
					.doesNotContain("\r\n0\r\n\r\n");
			}
		}
	}

	private static void begin(HttpServletResponse response) throws IOException {
		response.getOutputStream().write("begun".getBytes(StandardCharsets.US_ASCII));
		response.flushBuffer();
	}

	private static void closeAndBegin(HttpServletResponse response) throws IOException {
		response.setHeader("Connection", "close");
		begin(response);
	}

	private static void declare(HttpServletResponse response) {
		response.setContentLength(LENGTH);
	}

	private static void ask(HttpServletRequest request) {
		request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, "abort");
	}

	/**
	 * How a response comes not to be finished.
	 */
	enum Way {

		FAILED {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				closeAndBegin(response);
				throw new ServletException("thrown by the test");
			}

		},

		FAILED_BY_AN_ERROR {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				closeAndBegin(response);
				throw new AssertionError("thrown by the test");
			}

		},

		FAILED_ON_CONNECTION_TO_BE_KEPT {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				begin(response);
				throw new ServletException("thrown by the test");
			}

		},

		FAILED_WITH_LENGTH {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				declare(response);
				begin(response);
				throw new ServletException("thrown by the test");
			}

		},

		ERROR_SENT_TOO_LATE {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				closeAndBegin(response);
				response.sendError(500);
			}

		},

		FAILED_WHERE_DISPATCHED {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					throw new ServletException("thrown by the test");
				}
				AsyncContext async = request.startAsync();
				closeAndBegin(response);
				async.dispatch();
			}

		},

		FAILED_WHERE_ASYNCHRONOUS {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				request.startAsync();
				closeAndBegin(response);
				throw new ServletException("thrown by the test");
			}

		},

		TIMED_OUT {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				AsyncContext async = request.startAsync();
				async.setTimeout(1);
				closeAndBegin(response);
			}

		},

		SHORT {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				declare(response);
				closeAndBegin(response);
			}

		},

		SHORT_ON_CONNECTION_TO_BE_KEPT {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				declare(response);
				begin(response);
			}

		},

		SHORT_LATER {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				declare(response);
				AsyncContext async = request.startAsync();
				async.start(() -> {
					try {
						closeAndBegin((HttpServletResponse) async.getResponse());
						async.complete();
					}
					catch (IOException ex) {
						throw new IllegalStateException(ex);
					}
				});
			}

		},

		ASKED_FOR {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				ask(request);
				closeAndBegin(response);
			}

		},

		ASKED_FOR_LATER {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				AsyncContext async = request.startAsync();
				closeAndBegin(response);
				async.start(() -> {
					ask(request);
					async.complete();
				});
			}

		};

		abstract void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;

	}

	private static final class WaysServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			try {
				Way.valueOf(request.getPathInfo().substring(1)).handle(request, response);
			}
			catch (ServletException | IOException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new ServletException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

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
				output.write("begun".getBytes(StandardCharsets.US_ASCII));
				output.flush();
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
