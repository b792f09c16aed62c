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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.Upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Answers to clients that are still sending when the server closes, with every transport
 * and every TLS engine.
 */
class LingerTests {

	static Stream<Arguments> transportsAndEngines() {
		return Stream.of(NettyTransportKind.values())
			.flatMap((transport) -> Stream.of(SslProvider.JDK, SslProvider.OPENSSL)
				.map((engine) -> Arguments.of(transport, engine)));
	}

	@ParameterizedTest
	@MethodSource("transportsAndEngines")
	void answersArriveWholeDuringUpload(NettyTransportKind transport, SslProvider engine) throws IOException {
		transport.assumeAvailable();
		try (TestServer server = TestServer.start("test.transport=" + transport, "test.engine=" + engine)) {
			for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
				server.usePolicy(policy);
				for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
					try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
						Upload.sendMuch(peer, Upload.ANSWER);
						Upload.assertAnswered(server, peer, policy, Upload.ANSWER);
					}
				}
			}
		}
	}

	/**
	 * The request is answered as soon as its head is read: an OpenSSL engine may then
	 * still hold the rest of the record.
	 */
	@ParameterizedTest
	@MethodSource("transportsAndEngines")
	void clientThatEndsItsUploadIsNotWaitedFor(NettyTransportKind transport, SslProvider engine) throws IOException {
		transport.assumeAvailable();
		try (TestServer server = TestServer.start("tls.shutdown.timeout=20s", "test.transport=" + transport,
				"test.engine=" + engine)) {
			for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
				server.usePolicy(policy);
				for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
					try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
						peer.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + Upload.SIZE
								+ "\r\n\r\n" + "x".repeat(4000));
						await().until(() -> server.openConnections() == 0);
						peer.sendCloseNotify();
						TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
						assertThat(event.duration()).isLessThan(Duration.ofSeconds(5));
						assertThat(event.closeNotifyReceived()).isTrue();
						assertThat(event.outcome()).isEqualTo((policy == TlsShutdownPolicy.QUIET)
								? TlsShutdownOutcome.QUIET : TlsShutdownOutcome.COMPLETED);
					}
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("transportsAndEngines")
	void clientThatResetsDuringUploadIsToldOf(NettyTransportKind transport, SslProvider engine) throws IOException {
		transport.assumeAvailable();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=1s",
				"test.transport=" + transport, "test.engine=" + engine)) {
			List<Integer> ports = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
				ports.add(peer.localPort());
				Upload.sendMuch(peer, Upload.ANSWER);
				peer.reset();
			}
			for (int port : ports) {
				TlsShutdownOutcome outcome = server.recorder().awaitEvent(port).outcome();
				if (transport == NettyTransportKind.IO_URING) {
					// Netty loses what the kernel reports while it reads
					assertThat(outcome).isIn(TlsShutdownOutcome.RESET, TlsShutdownOutcome.TIMED_OUT);
				}
				else {
					assertThat(outcome).isEqualTo(TlsShutdownOutcome.RESET);
				}
			}
		}
	}

}
