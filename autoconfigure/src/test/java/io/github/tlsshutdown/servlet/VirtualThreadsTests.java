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
import java.util.concurrent.atomic.AtomicReference;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that run on virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTests {

	@ParameterizedTest
	@EnumSource
	void connectionsEndByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Threads.class }, "tls.shutdown.policy=" + policy,
				"spring.threads.virtual.enabled=true")) {
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/thread");
				if (policy == TlsShutdownPolicy.BIDIRECTIONAL) {
					// Whoever closes takes an answer that is there already
					await().until(() -> server.recorder().connector().getPending() == 1);
				}
				PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
				assertThat(peer.receivedText()).contains("VirtualThread");
			}
			// The reactor's thread is a platform thread, and a virtual one never waits
			Thread thread = server.context().getBean(Threads.class).ofEvents.get();
			assertThat(thread.getName().endsWith("-tls-shutdown")).isEqualTo(policy == TlsShutdownPolicy.BIDIRECTIONAL);
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/hello");
				peer.readResponse("hello");
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Threads {

		private final AtomicReference<Thread> ofEvents = new AtomicReference<>();

		@Bean
		TlsShutdownListener threadListener() {
			return (event) -> this.ofEvents.set(Thread.currentThread());
		}

		@Bean
		ServletRegistrationBean<ThreadServlet> threadServlet() {
			return new ServletRegistrationBean<>(new ThreadServlet(), "/thread");
		}

	}

	/**
	 * Tells by which thread it is served.
	 */
	private static final class ThreadServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setHeader("Connection", "close");
			response.getOutputStream().print(Thread.currentThread().toString());
		}

	}

}
