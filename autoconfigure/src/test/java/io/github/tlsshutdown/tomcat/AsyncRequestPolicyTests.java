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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.error.ErrorPage;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The request attribute, where it is set after the servlet's own thread has left the
 * request, or by what the container does for a request that goes wrong.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AsyncRequestPolicyTests {

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { Configured.class }, "server.http2.enabled=true");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void connectionThatTheServerClosesEndsByAttribute(Way way) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.send("GET /ways/" + way + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer, TlsShutdownPolicy.QUIET);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 " + way.status.value());
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionOfStreamsThatTheClientClosesEndsByAttribute(Way way) throws IOException {
		try (Http2Peer peer = Http2Peer.connect(this.server.port(), "TLSv1.3", 0)) {
			peer.readResponse(peer.get("/ways/" + way));
			// An error page is answered whole before the request has been handled
			ReadPolicies read = this.server.context().getBean(ReadPolicies.class);
			await().until(() -> read.ports.contains(peer.tls().localPort()));
			PolicyAssertions.assertAnswersPeer(this.server.recorder(), peer.tls(), TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void connectionOfRequestThatIsNeverCompletedEndsByAttribute() throws IOException {
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			// Tomcat does not answer, whatever the request says of its connection
			peer.get("/failure");
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer, TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void connectionThatTheClientResetsIsToldOfWithTheAttribute() throws IOException {
		TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3");
		int port = peer.localPort();
		peer.get("/without-end");
		peer.readAtLeast(100_000);
		peer.reset();
		TlsShutdownEvent event = this.server.recorder().awaitEvent(port);
		assertThat(event.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.RESET);
	}

	@Test
	void interruptionOfThreadThatWritesIsNoResetByTheClient() throws IOException {
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.get("/interrupted");
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.QUIET);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	@Test
	void requestThatIsStartedAnewManyTimesIsNotReadMoreOften() throws IOException {
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.send("GET /many HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			PolicyAssertions.assertServerEnds(this.server.recorder(), peer, TlsShutdownPolicy.QUIET);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200");
			// When the servlet's thread has left for the last time, and on completion
			assertThat(ManyServlet.looks.get()).isEqualTo(2);
		}
	}

	private static void decide(ServletRequest request) {
		request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, TlsShutdownPolicy.QUIET);
	}

	private static void answer(ServletResponse response) throws IOException {
		response.getOutputStream().write("decided".getBytes());
	}

	private static Thread elsewhere(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/**
	 * Does something in a thread of its own when the container's has left the request.
	 * @param request the request
	 * @param task what is done
	 */
	private static void later(ServletRequest request, Task task) {
		CountDownLatch left = LeavingValve.latchOf(request);
		elsewhere(() -> {
			left.await();
			task.run();
		});
	}

	/**
	 * How a request comes to decide.
	 */
	enum Way {

		COMPLETED_LATER(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				later(request, () -> {
					decide(async.getRequest());
					answer(async.getResponse());
					async.complete();
				});
			}

		},

		COMPLETED_BEFORE_THE_SERVLET_RETURNS(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				AsyncContext async = request.startAsync();
				elsewhere(() -> {
					decide(async.getRequest());
					answer(async.getResponse());
					async.complete();
				}).join();
			}

		},

		COMPLETED_BY_A_THREAD_OF_THE_CONTAINER(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				CountDownLatch left = LeavingValve.latchOf(request);
				async.start(() -> {
					try {
						left.await();
						decide(async.getRequest());
						answer(async.getResponse());
						async.complete();
					}
					catch (IOException | InterruptedException ex) {
						throw new IllegalStateException(ex);
					}
				});
			}

		},

		DISPATCHED_LATER(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				later(request, () -> {
					decide(async.getRequest());
					async.dispatch("/hello");
				});
			}

		},

		DECIDED_WHERE_DISPATCHED(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					decide(request);
					answer(response);
				}
				else {
					AsyncContext async = request.startAsync();
					later(request, async::dispatch);
				}
			}

		},

		STARTED_ANEW(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					later(request, () -> {
						decide(async.getRequest());
						answer(async.getResponse());
						async.complete();
					});
				}
				else {
					later(request, async::dispatch);
				}
			}

		},

		STARTED_ANEW_AND_DISPATCHED(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					later(request, () -> {
						decide(async.getRequest());
						async.dispatch("/hello");
					});
				}
				else {
					later(request, async::dispatch);
				}
			}

		},

		TIMED_OUT(HttpStatus.INTERNAL_SERVER_ERROR) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				AsyncContext async = request.startAsync();
				async.setTimeout(1);
				elsewhere(() -> decide(async.getRequest())).join();
			}

		},

		DECIDED_WHEN_TIMED_OUT(HttpStatus.OK) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				async.setTimeout(1);
				async.addListener(new DecidingListener());
			}

		},

		DECIDED_WHEN_FAILED(HttpStatus.INTERNAL_SERVER_ERROR) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				request.startAsync().addListener(new DecidingListener());
				throw new ServletException("thrown by the test");
			}

		},

		FAILED_WHERE_DISPATCHED(HttpStatus.INTERNAL_SERVER_ERROR) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					throw new ServletException("thrown by the test");
				}
				AsyncContext async = request.startAsync();
				later(request, () -> {
					decide(async.getRequest());
					async.dispatch();
				});
			}

		},

		DECIDED_BY_ERROR_PAGE(HttpStatus.CONFLICT) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
				response.sendError(HttpStatus.CONFLICT.value());
			}

		},

		DECIDED_BY_ERROR_PAGE_LATER(HttpStatus.CONFLICT) {

			@Override
			void handle(HttpServletRequest request, HttpServletResponse response) {
				AsyncContext async = request.startAsync();
				later(request, () -> {
					((HttpServletResponse) async.getResponse()).sendError(HttpStatus.CONFLICT.value());
					async.complete();
				});
			}

		};

		private final HttpStatus status;

		Way(HttpStatus status) {
			this.status = status;
		}

		abstract void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;

	}

	private interface Task {

		void run() throws Exception;

	}

	private static final class DecidingListener implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
		}

		@Override
		public void onTimeout(AsyncEvent event) throws IOException {
			decideAndComplete(event.getAsyncContext());
		}

		@Override
		public void onError(AsyncEvent event) throws IOException {
			decideAndComplete(event.getAsyncContext());
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

		private static void decideAndComplete(AsyncContext async) throws IOException {
			decide(async.getRequest());
			answer(async.getResponse());
			async.complete();
		}

	}

	/**
	 * Tells when a thread of the container has left a request.
	 */
	private static final class LeavingValve extends ValveBase {

		LeavingValve() {
			super(true);
		}

		static CountDownLatch latchOf(ServletRequest request) {
			return (CountDownLatch) request.getAttribute(LeavingValve.class.getName());
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			CountDownLatch left = new CountDownLatch(1);
			request.setAttribute(LeavingValve.class.getName(), left);
			try {
				getNext().invoke(request, response);
			}
			finally {
				left.countDown();
			}
		}

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

	private static final class ErrorPageServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			decide(request);
			answer(response);
		}

	}

	/**
	 * Decides, and fails when it has become asynchronous.
	 */
	private static final class FailingServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException {
			decide(request.startAsync().getRequest());
			throw new ServletException("thrown by the test");
		}

	}

	/**
	 * Decides, and never stops writing.
	 */
	private static final class EndlessServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) {
			AsyncContext async = request.startAsync();
			async.setTimeout(0);
			later(request, () -> {
				decide(async.getRequest());
				try {
					while (true) {
						async.getResponse().getOutputStream().write(new byte[10_000]);
					}
				}
				catch (IOException | IllegalStateException ex) {
					// The client has left, and the container has seen it
				}
			});
		}

	}

	/**
	 * Decides, and writes with a thread that was interrupted.
	 */
	private static final class InterruptedServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			decide(request);
			Thread.currentThread().interrupt();
			response.getOutputStream().write(new byte[10_000]);
			response.flushBuffer();
		}

	}

	/**
	 * Has the request dispatched to itself many times, then decides.
	 */
	private static final class ManyServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private static final int TIMES = 20;

		/** How often the attribute's value was read. */
		static final AtomicInteger looks = new AtomicInteger();

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			AsyncContext async = request.startAsync();
			AtomicInteger times = (AtomicInteger) request.getAttribute("times");
			if (times == null) {
				times = new AtomicInteger();
				request.setAttribute("times", times);
			}
			if (times.incrementAndGet() < TIMES) {
				async.dispatch();
				return;
			}
			request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, new Object() {

				@Override
				public String toString() {
					looks.incrementAndGet();
					return "quiet";
				}

			});
			answer(response);
			async.complete();
		}

	}

	/**
	 * Tells whose requests have been read.
	 */
	private static final class ReadPolicies extends RequestPolicies {

		private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

		@Override
		void read(ServletRequest request) {
			super.read(request);
			if (request.getAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE) != null) {
				this.ports.add(request.getRemotePort());
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		ReadPolicies requestPolicies() {
			return new ReadPolicies();
		}

		@Bean
		TlsShutdownConnectorCustomizer connectorCustomizer(ConnectorSetup setup, ReadPolicies requests) {
			return new TlsShutdownConnectorCustomizer(setup, requests);
		}

		@Bean
		ServletContextInitializer servlets() {
			return (context) -> Map
				.of("/ways/*", new WaysServlet(), "/error-page", new ErrorPageServlet(), "/failure",
						new FailingServlet(), "/without-end", new EndlessServlet(), "/interrupted",
						new InterruptedServlet(), "/many", new ManyServlet())
				.forEach((path, servlet) -> {
					ServletRegistration.Dynamic registration = context.addServlet(path, servlet);
					registration.setAsyncSupported(true);
					registration.addMapping(path);
				});
		}

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> customizer() {
			return (factory) -> {
				factory.addEngineValves(new LeavingValve());
				factory.addErrorPages(new ErrorPage(HttpStatus.CONFLICT, "/error-page"));
			};
		}

	}

}
