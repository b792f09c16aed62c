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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.Constants;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Code of the application that leaves a thread of Tomcat's interrupted.
 */
class InterruptTests {

	private static final int SIZE = 1_000_000;

	@ParameterizedTest
	@ValueSource(classes = { InterruptingListener.class, InterruptingResolver.class })
	void pollerIsNotLeftInterrupted(Class<?> configuration) throws Exception {
		try (TestServer server = TestServer
			.start(new Class<?>[] { configuration, Sendfile.class, ThreadOfEvents.class, SmallSendBuffer.class })) {
			// Where the alert does not fit into the socket's buffer, the reactor tells
			Thread poller = await().until(() -> threadThatTellsOfDownload(server),
					(thread) -> thread.getName().endsWith("-Poller"));
			await().until(() -> poller.getState() == Thread.State.RUNNABLE && !poller.isInterrupted());
			await().during(Duration.ofMillis(300)).until(() -> !poller.isInterrupted());
		}
	}

	private static Thread threadThatTellsOfDownload(TestServer server) throws Exception {
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096)) {
			peer.get("/file");
			assertThat(peer.awaitEnd()).isEqualTo(TlsPeer.End.FIN);
			assertThat(peer.receivedBytes()).isGreaterThan(SIZE);
			assertThat(peer.sawCloseNotify()).isTrue();
			assertThat(server.recorder().awaitEvent(peer.localPort()).outcome()).isEqualTo(TlsShutdownOutcome.SENT);
		}
		return server.context().getBean(ThreadOfEvents.class).thread.get();
	}

	@Configuration(proxyBeanMethods = false)
	static class InterruptingListener {

		@Bean
		@Order(1)
		TlsShutdownListener interruptingListener() {
			return (event) -> Thread.currentThread().interrupt();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterruptingResolver {

		@Bean
		TlsShutdownPolicyResolver interruptingResolver() {
			return (connection) -> {
				Thread.currentThread().interrupt();
				return null;
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThreadOfEvents implements TlsShutdownListener {

		private final AtomicReference<Thread> thread = new AtomicReference<>();

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.thread.set(Thread.currentThread());
		}

	}

	/**
	 * Has Tomcat's poller send a file, and then close the connection.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Sendfile {

		@Bean
		ServletRegistrationBean<HttpServlet> file() throws IOException {
			Path file = Files.createTempFile("sendfile", null);
			file.toFile().deleteOnExit();
			Files.write(file, new byte[SIZE]);
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void service(HttpServletRequest request, HttpServletResponse response) {
					assertThat(request.getAttribute(Constants.SENDFILE_SUPPORTED_ATTR)).isEqualTo(true);
					response.setHeader("Connection", "close");
					response.setContentLength(SIZE);
					request.setAttribute(Constants.SENDFILE_FILENAME_ATTR, file.toString());
					request.setAttribute(Constants.SENDFILE_FILE_START_ATTR, 0L);
					request.setAttribute(Constants.SENDFILE_FILE_END_ATTR, (long) SIZE);
				}

			}, "/file");
		}

	}

}
