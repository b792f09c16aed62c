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

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values of the request attribute that come from a client, by an application that does
 * not look at them, or from objects that fail.
 */
@ExtendWith(OutputCaptureExtension.class)
class HostileAttributeTests {

	@Test
	void valueIsWrittenIntoTheLogInOneShortLine(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Attributes.class })) {
			answered(server, "/text");
			assertThat(output.toString().lines().filter((line) -> line.contains("which is not a policy")))
				.singleElement()
				.asString()
				.hasSizeLessThan(600)
				.contains("2026-01-01 ERROR forged");
			assertThat(output.toString().lines()).noneMatch((line) -> line.startsWith("2026-01-01 ERROR forged"));
			assertThat(output).doesNotContain("\u001b[31m");
		}
	}

	@Test
	void valueThatFailsHarmsNoResponse() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Attributes.class })) {
			answered(server, "/failing");
		}
	}

	private static void answered(TestServer server, String path) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get(path);
			peer.awaitEnd();
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200 ");
			assertThat(peer.sawCloseNotify()).isTrue();
			assertThat(server.recorder().awaitEvent(peer.localPort()).outcome()).isEqualTo(TlsShutdownOutcome.SENT);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Attributes {

		@Bean
		ServletRegistrationBean<HttpServlet> text() {
			return new ServletRegistrationBean<>(
					answerWith("bidirectional\r\n2026-01-01 ERROR forged\u001b[31m" + "x".repeat(100_000)), "/text");
		}

		@Bean
		ServletRegistrationBean<HttpServlet> failing() {
			return new ServletRegistrationBean<>(answerWith(new Object() {

				@Override
				public String toString() {
					throw new IllegalStateException("thrown by the test");
				}

			}), "/failing");
		}

		private static HttpServlet answerWith(Object value) {
			return new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void service(HttpServletRequest request, HttpServletResponse response) {
					request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, value);
					response.setHeader("Connection", "close");
					response.setContentLength(0);
				}

			};
		}

	}

}
