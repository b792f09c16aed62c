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

package io.github.tlsshutdown.netty;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.netty.tcp.SslProvider;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Plain HTTP that is redirected to HTTPS on the same port.
 */
class RedirectTests {

	private static final int UPLOAD = 30_000_000;

	private static final byte[] PART = new byte[100_000];

	@ParameterizedTest
	@ValueSource(strings = { "JDK", "OPENSSL", "default" })
	void plainHttpIsRedirectedAndTlsEndsByPolicy(String engine) throws IOException {
		try (TestServer server = start(engine)) {
			try (Socket socket = connect(server)) {
				socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
				assertRedirected(server, socket, "");
			}
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				PolicyAssertions.assertServerEnds(server.recorder(), peer, TlsShutdownPolicy.BIDIRECTIONAL);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "JDK, 0", "JDK, 100000", "default, 0", "default, 100000" })
	void clientThatUploadsInPlainHttpReadsWhereTo(String engine, int beginning) throws IOException {
		try (TestServer server = start(engine)) {
			for (int i = 0; i < 5; i++) {
				try (Socket socket = connect(server)) {
					OutputStream output = socket.getOutputStream();
					output.write(("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD + "\r\n\r\n"
							+ "x".repeat(beginning))
						.getBytes(StandardCharsets.US_ASCII));
					int first = socket.getInputStream().read();
					await().atMost(Duration.ofSeconds(20)).until(() -> server.openConnections() == 0);
					for (int sent = beginning; sent < UPLOAD; sent += PART.length) {
						output.write(PART);
					}
					assertThat(first).isEqualTo('H');
					assertRedirected(server, socket, "H");
				}
			}
		}
	}

	private static void assertRedirected(TestServer server, Socket socket, String read) throws IOException {
		int port = socket.getLocalPort();
		assertThat(read + new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
			.startsWith("HTTP/1.1 308");
		socket.shutdownOutput();
		TlsShutdownEvent event = server.recorder().awaitEvent(port);
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
	}

	private static Socket connect(TestServer server) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static TestServer start(String engine) {
		return TestServer.start(new Class<?>[] { Redirect.class }, "tls.shutdown.policy=bidirectional",
				"tls.shutdown.timeout=20s", "test.engine=" + engine);
	}

	@Configuration(proxyBeanMethods = false)
	static class Redirect {

		@Bean
		NettyServerCustomizer moreHandlers() {
			return (server) -> server.wiretap(true);
		}

		@Bean
		@Order(1)
		NettyServerCustomizer toHttps() {
			return (server) -> {
				SslProvider tls = server.configuration().sslProvider();
				return (tls != null) ? server.secure(tls, true) : server;
			};
		}

	}

}
