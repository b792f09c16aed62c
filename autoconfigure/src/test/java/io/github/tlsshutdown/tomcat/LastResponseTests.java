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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import jakarta.servlet.GenericServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring Boot stops Tomcat as soon as no servlet handles a request. Tomcat may not have
 * written the last response by then.
 */
class LastResponseTests {

	/** Enough to close all connections, and less than the stop waits. */
	private static final Duration LONGER = Duration.ofMillis(100);

	@Test
	void responseThatIsWrittenAfterItsServletHasReturnedIsNotLost() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { SlowValve.class });
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/buffered");
			assertThat(server.context().getBean(SlowValve.class).returned.await(20, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200").endsWith("all of it");
			assertThat(peer.sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void http2ResponseThatIsWrittenAfterItsServletHasReturnedIsNotLost() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { SlowValve.class }, "server.http2.enabled=true");
		try (Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			int stream = peer.get("/buffered");
			assertThat(server.context().getBean(SlowValve.class).returned.await(20, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			assertThat(peer.readResponse(stream)).isEqualTo("all of it".length());
			assertThat(peer.tls().awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.tls().sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	/**
	 * Returns only a little after the connector is being stopped.
	 */
	@Configuration(proxyBeanMethods = false)
	static class SlowValve extends ValveBase {

		private final CountDownLatch returned = new CountDownLatch(1);

		SlowValve() {
			super(true);
		}

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> valve() {
			return (factory) -> factory.addEngineValves(this);
		}

		/**
		 * Tomcat writes the response after the servlet has returned.
		 */
		@Bean
		ServletRegistrationBean<GenericServlet> buffered() {
			return new ServletRegistrationBean<>(new GenericServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				public void service(ServletRequest request, ServletResponse response) throws IOException {
					response.getOutputStream().print("all of it");
				}

			}, "/buffered");
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			getNext().invoke(request, response);
			this.returned.countDown();
			Connector connector = request.getConnector();
			await().pollInterval(Duration.ofMillis(5)).until(() -> !connector.getState().isAvailable());
			LockSupport.parkNanos(LONGER.toNanos());
		}

	}

}
