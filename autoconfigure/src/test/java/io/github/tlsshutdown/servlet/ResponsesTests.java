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
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The many ways in which HTTP/1 makes a response, and how the connection ends after each.
 */
class ResponsesTests {

	/** More than socket buffers take. */
	private static final int LARGE = 8_000_000;

	private static final int EVENTS = 5;

	@ParameterizedTest
	@EnumSource
	void asynchronousEventsArriveAndConnectionEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = connect(server)) {
			peer.get("/events");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedText()).contains("text/event-stream")
				.contains("data:0\n\n", "data:" + (EVENTS - 1) + "\n\n");
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatAbortsEventsIsToldOfByItsEnd(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = connect(server)) {
			peer.get("/endless");
			peer.readAtLeast(1000);
			int port = peer.localPort();
			peer.reset();
			assertThat(server.recorder().awaitEvent(port).outcome()).isEqualTo(TlsShutdownOutcome.RESET);
		}
	}

	@ParameterizedTest
	@EnumSource
	void asynchronousResponseThatTimesOutEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = connect(server)) {
			peer.send("GET /never HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 500");
		}
	}

	@ParameterizedTest
	@EnumSource
	void chunkedResponseHasItsLastChunkAndEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = connect(server)) {
			peer.send("GET /chunked HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			if (ServerUnderTest.current() == ServerUnderTest.JETTY) {
				// Ends such a response with the connection
				assertThat(peer.receivedText()).doesNotContainIgnoringCase("Transfer-Encoding")
					.endsWith("\r\n\r\nonetwo");
			}
			else {
				assertThat(peer.receivedText()).containsIgnoringCase("Transfer-Encoding: chunked")
					.endsWith("\r\n0\r\n\r\n");
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseOfHttp10EndsWithTheConnectionByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); TlsPeer peer = connect(server)) {
			peer.send("GET /chunked HTTP/1.0\r\n\r\n");
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			// Only close_notify tells the end of such a body from a truncation
			assertThat(peer.receivedText()).doesNotContainIgnoringCase("Transfer-Encoding").endsWith("\r\n\r\nonetwo");
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatExpectsContinueIsServedAndRefusedByPolicy(TlsShutdownPolicy policy) throws IOException {
		String expect = " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
		try (TestServer server = start(policy)) {
			try (TlsPeer peer = connect(server)) {
				peer.send("POST /read" + expect);
				peer.readResponse("");
				peer.send("12345");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
				assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n12345");
			}
			try (TlsPeer peer = connect(server)) {
				peer.send("POST /reject" + expect);
				PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
				assertThat(peer.receivedText()).contains("HTTP/1.1 413").endsWith("\r\n\r\nreject");
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void largeDownloadToSlowReaderArrivesWholeAndEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "tls.shutdown.timeout=20s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 65_536)) {
			peer.get("/bye?size=" + LARGE);
			peer.readAtLeast(1);
			assertThat(server.recorder().events()).isEmpty();
			PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
			String text = peer.receivedText();
			assertThat(text.length() - text.indexOf("\r\n\r\n") - 4).isEqualTo(LARGE);
		}
	}

	@ParameterizedTest
	@EnumSource
	void downloadThatIsAbandonedIsToldOfByItsEnd(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy)) {
			for (End end : End.values()) {
				TlsPeer peer = connect(server);
				peer.get("/bye?size=" + LARGE);
				peer.readAtLeast(1);
				if (end == End.RST) {
					peer.reset();
				}
				else {
					// The kernel resets the connection, too: there is unread data
					peer.close();
				}
			}
			server.recorder().awaitTotal(End.values().length);
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.RESET);
			await().until(() -> server.openConnections() == 0);
		}
	}

	private static TlsPeer connect(TestServer server) throws IOException {
		return TlsPeer.connect(server.port(), "TLSv1.3");
	}

	private static TestServer start(TlsShutdownPolicy policy, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("tls.shutdown.policy=" + policy);
		return TestServer.start(new Class<?>[] { Servlets.class }, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Servlets {

		@Bean
		ServletRegistrationBean<ResponsesServlet> responsesServlet() {
			ServletRegistrationBean<ResponsesServlet> registration = new ServletRegistrationBean<>(
					new ResponsesServlet(), "/events", "/endless", "/never", "/chunked", "/read");
			registration.setAsyncSupported(true);
			return registration;
		}

	}

	private static final class ResponsesServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			switch (request.getServletPath()) {
				case "/events" -> events(request, EVENTS);
				case "/endless" -> events(request, Integer.MAX_VALUE);
				case "/never" -> request.startAsync().setTimeout(1);
				case "/read" -> {
					response.setHeader("Connection", "close");
					request.getInputStream().transferTo(response.getOutputStream());
				}
				default -> {
					response.getOutputStream().print("one");
					response.flushBuffer();
					response.getOutputStream().print("two");
				}
			}
		}

		private static void events(HttpServletRequest request, int count) {
			AsyncContext context = request.startAsync();
			// Jetty waits for who has been told that writing has failed
			context.setTimeout(2000);
			HttpServletResponse response = (HttpServletResponse) context.getResponse();
			response.setContentType("text/event-stream");
			response.setHeader("Connection", "close");
			context.start(() -> {
				try {
					for (int i = 0; i < count; i++) {
						response.getOutputStream().print("data:" + i + "\n\n");
						response.flushBuffer();
					}
					context.complete();
				}
				catch (IOException ex) {
					// The client has left
				}
			});
		}

	}

}
