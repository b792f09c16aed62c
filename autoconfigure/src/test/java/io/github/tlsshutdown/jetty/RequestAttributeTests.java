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

package io.github.tlsshutdown.jetty;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The request attribute, of requests that are served in more than one step, and of
 * streams.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RequestAttributeTests {

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { Servlets.class }, "server.http2.enabled=true");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sync", "/completed", "/dispatched", "/early", "/error", "/failing" })
	void connectionThatTheServerClosesEndsByAttribute(String path) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer, TlsShutdownPolicy.QUIET);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 ");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sync", "/completed", "/dispatched", "/error", "/failing" })
	void connectionOfStreamsThatTheClientClosesEndsByAttribute(String path) throws IOException {
		try (Http2Peer peer = Http2Peer.connect(this.server.port(), "TLSv1.3", 0)) {
			peer.readResponse(peer.get(path));
			// Has no attribute, and leaves it at what was said
			peer.readResponse(peer.get("/hello"));
			PolicyAssertions.assertAnswersPeer(this.server.recorder(), peer.tls(), TlsShutdownPolicy.QUIET);
		}
	}

	private static void decide(ServletRequest request) {
		request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.QUIET);
	}

	@Configuration(proxyBeanMethods = false)
	static class Servlets {

		@Bean
		ServletRegistrationBean<DecidingServlet> decidingServlet() {
			ServletRegistrationBean<DecidingServlet> registration = new ServletRegistrationBean<>(new DecidingServlet(),
					"/sync", "/completed", "/dispatched", "/early", "/error", "/failing");
			registration.setAsyncSupported(true);
			return registration;
		}

		@Bean
		FilterRegistrationBean<LeavingFilter> leavingFilter() {
			FilterRegistrationBean<LeavingFilter> registration = new FilterRegistrationBean<>(new LeavingFilter());
			registration.setAsyncSupported(true);
			return registration;
		}

	}

	/**
	 * Lets another thread go on once the container's leaves the request.
	 */
	private static final class LeavingFilter implements Filter {

		@Override
		public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			CountDownLatch left = new CountDownLatch(1);
			request.setAttribute(LeavingFilter.class.getName(), left);
			try {
				chain.doFilter(request, response);
			}
			finally {
				left.countDown();
			}
		}

		static void await(ServletRequest request) throws InterruptedException {
			((CountDownLatch) request.getAttribute(LeavingFilter.class.getName())).await();
		}

	}

	/**
	 * Decides in the way that the path says.
	 */
	private static final class DecidingServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			switch (request.getServletPath()) {
				case "/completed" -> later(request.startAsync(), false);
				case "/dispatched" -> {
					if (request.getDispatcherType() == DispatcherType.ASYNC) {
						answer(request, response);
					}
					else {
						later(request.startAsync(), true);
					}
				}
				case "/early" -> {
					// The whole response is there before the decision
					response.setContentLength(5);
					response.getOutputStream().print("early");
					response.flushBuffer();
					decide(request);
				}
				case "/error" -> {
					decide(request);
					response.sendError(HttpServletResponse.SC_CONFLICT);
				}
				case "/failing" -> {
					decide(request);
					throw new IllegalStateException("thrown by the test");
				}
				default -> answer(request, response);
			}
		}

		private static void later(AsyncContext async, boolean dispatch) {
			ServletRequest request = async.getRequest();
			Thread thread = new Thread(() -> {
				try {
					LeavingFilter.await(request);
					if (dispatch) {
						async.dispatch();
					}
					else {
						answer(request, async.getResponse());
						async.complete();
					}
				}
				catch (IOException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
			thread.setDaemon(true);
			thread.start();
		}

		private static void answer(ServletRequest request, ServletResponse response) throws IOException {
			decide(request);
			response.getOutputStream().print("decided");
		}

	}

}
