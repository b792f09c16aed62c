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

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.awaitility.Awaitility.await;

/**
 * Files that Tomcat writes by itself, after the servlet has returned.
 */
class SendfileTests {

	/** More than the socket buffers of both sides take. */
	private static final int SIZE = 10_000_000;

	@TempDir
	private static Path directory;

	@Test
	void connectionIsIdleOnceTheFileIsWritten() throws Exception {
		Files.write(directory.resolve("file"), new byte[SIZE]);
		TestServer server = TestServer.start(new Class<?>[] { Gate.configuration(), FileServlet.class });
		Gate gate = server.context().getBean(Gate.class);
		try (TlsPeer busy = TlsPeer.connect(server.port(), "TLSv1.3");
				TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3")) {
			idle.get("/file");
			idle.readAtLeast(1);
			ThreadPoolExecutor executor = (ThreadPoolExecutor) server.connector().getProtocolHandler().getExecutor();
			await().until(() -> executor.getActiveCount() == 0);
			busy.get("/gate/length");
			await().until(() -> gate.waiting() == 1);
			idle.readAtLeast(SIZE);
			IdleAssertions.assertEndsAtOnce(server, idle, busy);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class FileServlet {

		@Bean
		ServletRegistrationBean<HttpServlet> fileServlet() {
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
					response.setContentLength(SIZE);
					request.setAttribute("org.apache.tomcat.sendfile.filename", directory.resolve("file").toString());
					request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
					request.setAttribute("org.apache.tomcat.sendfile.end", (long) SIZE);
				}

			}, "/file");
		}

	}

}
