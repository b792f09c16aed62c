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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tomcat's {@code sniParseLimit} lets the buffer of what was read, and not decrypted,
 * become larger than any of ours. Once it is, connections that come later use it, too.
 */
@ExtendWith(OutputCaptureExtension.class)
class SniParseLimitTests {

	/** The longest that a record's header can claim to be. */
	private static final int LONGEST_RECORD = 5 + 0xffff;

	@Test
	void uploadThatFillsALargeBufferEndsInOrder(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start(new Class<?>[] { LargeBuffer.class },
				"tls.shutdown.policy=bidirectional")) {
			enlargeBuffer(server.port());
			server.recorder().awaitTotal(1);
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				GatedServlet servlet = server.context().getBean(GatedServlet.class);
				peer.get("/gated");
				servlet.arrived.acquire();
				// All of it is there when the server reads next
				peer.sendRaw(records(peer));
				servlet.gate.countDown();
				peer.readResponse("gated");
				peer.readResponse("reject");
				peer.awaitFinOrReset();
				peer.sendCloseNotify();
				TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
				assertThat(event.discardedBytes()).isBetween(9 * 16_000L, 10 * 16_000L);
			}
			assertThat(output).doesNotContain("Please report this");
		}
	}

	private static byte[] records(TlsPeer peer) throws IOException {
		ByteArrayOutputStream records = new ByteArrayOutputStream();
		records.writeBytes(peer.encrypt(("POST /reject HTTP/1.1\r\nHost: localhost\r\n"
				// Without it, Tomcat would read more before it closes
				+ "Expect: 100-continue\r\nContent-Length: 160000\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII)));
		for (int i = 0; i < 10; i++) {
			records.writeBytes(peer.encrypt(new byte[16_000]));
		}
		return records.toByteArray();
	}

	private static void enlargeBuffer(int port) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			byte[] record = new byte[LONGEST_RECORD];
			System.arraycopy(new byte[] { 22, 3, 1, (byte) 0xff, (byte) 0xff, 1 }, 0, record, 0, 6);
			socket.getOutputStream().write(record);
			socket.shutdownOutput();
			socket.getInputStream().readAllBytes();
		}
		catch (IOException ex) {
			// Refused as what it is
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class LargeBuffer {

		@Bean
		TomcatConnectorCustomizer sniParseLimitCustomizer() {
			return (connector) -> connector.setProperty("sniParseLimit", String.valueOf(256 * 1024));
		}

		@Bean
		GatedServlet gatedServlet() {
			return new GatedServlet();
		}

		@Bean
		ServletRegistrationBean<GatedServlet> gated(GatedServlet servlet) {
			return new ServletRegistrationBean<>(servlet, "/gated");
		}

	}

	/**
	 * Answers when the gate is open.
	 */
	static final class GatedServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final transient Semaphore arrived = new Semaphore(0);

		private final transient CountDownLatch gate = new CountDownLatch(1);

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			this.arrived.release();
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			response.setContentLength(5);
			response.getOutputStream().print("gated");
		}

	}

}
