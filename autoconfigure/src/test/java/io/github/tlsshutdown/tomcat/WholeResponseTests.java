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

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Responses that look as if something were missing, and are whole: they must be signed.
 */
@TestInstance(Lifecycle.PER_CLASS)
class WholeResponseTests {

	private static final int LENGTH = 300_000;

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { Configured.class }, "server.http2.enabled=true",
				"server.compression.enabled=true", "tls.shutdown.timeout=20s");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void answerToHeadThatDeclaresALengthIsWhole(TlsShutdownPolicy policy) throws IOException {
		assertThat(ask(policy, "HEAD /whole/declared HTTP/1.1\r\nHost: localhost\r\n\r\n"))
			.contains("Content-Length: " + LENGTH)
			.endsWith("\r\n\r\n");
	}

	@ParameterizedTest
	@EnumSource
	void answerWithoutBodyThatDeclaresALengthIsWhole(TlsShutdownPolicy policy) throws IOException {
		for (int status : new int[] { 204, 304 }) {
			assertThat(ask(policy, get("/whole/" + status))).startsWith("HTTP/1.1 " + status).endsWith("\r\n\r\n");
		}
	}

	@ParameterizedTest
	@EnumSource
	void fileThatTheContainerSendsIsWhole(TlsShutdownPolicy policy) throws IOException {
		assertThat(ask(policy, get("/whole/file"))).contains("Content-Length: " + LENGTH).endsWith("xxx");
	}

	@ParameterizedTest
	@EnumSource
	void bodyThatIsCompressedIsWhole(TlsShutdownPolicy policy) throws IOException {
		assertThat(ask(policy,
				"GET /whole/declared HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"))
			.contains("Content-Encoding: gzip");
	}

	@ParameterizedTest
	@EnumSource
	void bodyThatIsLongerThanItMayBeIsWhole(TlsShutdownPolicy policy) throws IOException {
		assertThat(ask(policy, get("/whole/long"))).endsWith("\r\n\r\nxxxxx");
	}

	@ParameterizedTest
	@EnumSource
	void errorPageOfHandlerThatFailsBeforeItBeginsIsWhole(TlsShutdownPolicy policy) throws IOException {
		assertThat(ask(policy, get("/whole/failing"))).startsWith("HTTP/1.1 500").contains("</html>");
	}

	@ParameterizedTest
	@EnumSource
	void errorThatHandlerSendsIsWhole(TlsShutdownPolicy policy) throws IOException {
		assertThat(ask(policy, get("/whole/error"))).startsWith("HTTP/1.1 409").contains("</html>");
	}

	@ParameterizedTest
	@EnumSource
	void streamThatIsCutEndsByItself(TlsShutdownPolicy policy) throws IOException {
		this.server.usePolicy(policy);
		try (Http2Peer peer = Http2Peer.connect(this.server.port(), "TLSv1.3", 0)) {
			int stream = peer.get("/whole/failing-late");
			peer.readSomeDataOf(stream);
			assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
			await().until(() -> {
				peer.readResponse(peer.get("/hello"));
				return peer.resetStreams().contains(stream);
			});
			peer.sendGoAway();
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer.tls(), policy);
		}
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	}

	private String ask(TlsShutdownPolicy policy, String request) throws IOException {
		this.server.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.send(request);
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer, policy);
			return peer.receivedText();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		ServletRegistrationBean<WholeServlet> wholeServlet() throws IOException {
			Path file = Files.createTempFile(Path.of("target"), "whole", ".txt");
			Files.writeString(file, "x".repeat(LENGTH));
			return new ServletRegistrationBean<>(new WholeServlet(file.toAbsolutePath().toString()), "/whole/*");
		}

	}

	private static final class WholeServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final String file;

		WholeServlet(String file) {
			this.file = file;
		}

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			byte[] body = "x".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII);
			String path = request.getPathInfo().substring(1);
			if (request.getProtocol().startsWith("HTTP/1")) {
				response.setHeader("Connection", "close");
			}
			switch (path) {
				case "declared" -> {
					response.setContentType("text/plain");
					response.setContentLength(LENGTH);
					if (!request.getMethod().equals("HEAD")) {
						response.getOutputStream().write(body);
					}
				}
				case "204", "304" -> {
					response.setStatus(Integer.parseInt(path));
					response.setContentLength(LENGTH);
				}
				case "file" -> {
					assertThat(request.getAttribute("org.apache.tomcat.sendfile.support")).isEqualTo(true);
					response.setContentLength(LENGTH);
					request.setAttribute("org.apache.tomcat.sendfile.filename", this.file);
					request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
					request.setAttribute("org.apache.tomcat.sendfile.end", (long) LENGTH);
				}
				case "long" -> {
					response.setContentLength(5);
					response.getOutputStream().write(body);
				}
				case "failing" -> throw new ServletException("thrown by the test");
				case "error" -> response.sendError(409);
				default -> {
					response.getOutputStream().write(body, 0, 10_000);
					response.flushBuffer();
					throw new ServletException("thrown by the test");
				}
			}
		}

	}

}
