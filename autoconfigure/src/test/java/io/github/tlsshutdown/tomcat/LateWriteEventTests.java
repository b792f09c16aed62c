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
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tomcat's poller can report that a socket can be written to when the response for which
 * that was asked is already complete.
 */
class LateWriteEventTests {

	/** More than the socket buffers of both sides take. */
	private static final int SIZE = 10_000_000;

	@Test
	void connectionIsIdleAfterIt() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { Gate.configuration(), HastyServlet.class });
		Gate gate = server.context().getBean(Gate.class);
		OpenChannelProtocol protocol = (OpenChannelProtocol) server.connector().getProtocolHandler();
		ThreadPoolExecutor executor = (ThreadPoolExecutor) protocol.getExecutor();
		try (TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3")) {
			idle.get("/hasty");
			AsyncContext response = server.context().getBean(HastyServlet.class).response.get(20, TimeUnit.SECONDS);
			Lock lock = protocol.onlyLock();
			lock.lock();
			response.complete();
			await().until(() -> executor.getActiveCount() == 1);
			CompletableFuture<Void> received = CompletableFuture.runAsync(() -> receive(idle));
			await().until(() -> executor.getActiveCount() == 2);
			lock.unlock();
			received.get(20, TimeUnit.SECONDS);
			await().until(() -> executor.getActiveCount() == 0);
			try (TlsPeer busy = TlsPeer.connect(server.port(), "TLSv1.3")) {
				busy.get("/gate/length");
				await().until(() -> gate.waiting() == 1);
				IdleAssertions.assertEndsAtOnce(server, idle, busy);
			}
		}
	}

	private static void receive(TlsPeer peer) {
		try {
			peer.readAtLeast(SIZE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Its response can be completed before all of it is written, which Tomcat then does.
	 */
	@Configuration(proxyBeanMethods = false)
	static class HastyServlet {

		private final CompletableFuture<AsyncContext> response = new CompletableFuture<>();

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> protocol() {
			return (factory) -> factory.setProtocol(OpenChannelProtocol.class.getName());
		}

		@Bean
		ServletRegistrationBean<HttpServlet> hastyServlet() {
			HttpServlet servlet = new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
					AsyncContext context = request.startAsync();
					response.getOutputStream().setWriteListener(listener(context, response.getOutputStream()));
				}

			};
			ServletRegistrationBean<HttpServlet> registration = new ServletRegistrationBean<>(servlet, "/hasty");
			registration.setAsyncSupported(true);
			return registration;
		}

		private WriteListener listener(AsyncContext context, ServletOutputStream output) {
			return new WriteListener() {

				@Override
				public void onWritePossible() throws IOException {
					output.write(new byte[SIZE]);
					// Has the poller tell when it can
					assertThat(output.isReady()).isFalse();
					HastyServlet.this.response.complete(context);
				}

				@Override
				public void onError(Throwable ex) {
					context.complete();
				}

			};
		}

	}

}
