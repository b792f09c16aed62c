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
import java.util.stream.Stream;

import io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.contract.LingerContract;
import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers to clients that are still sending when the server closes.
 */
class LingerTests extends LingerContract {

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
				for (String protocol : PROTOCOLS) {
					assertAnsweredDuringUpload(server, policy, protocol, 400_000);
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
			for (int i = 0; i < 8; i++) {
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
				int port = peer.localPort();
				peer.send("POST /reject?size=400000 HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + UPLOAD
						+ "\r\n\r\n");
				for (int sent = 0; sent < UPLOAD - CHUNK; sent += CHUNK) {
					peer.send(new byte[CHUNK]);
				}
				peer.reset();
				TlsShutdownOutcome outcome = server.recorder().awaitEvent(port).outcome();
				if (transport == NettyTransportKind.IO_URING) {
					// Netty forgets that the socket has something to tell if it is told
					// so
					// while it reads, and is not told again
					assertThat(outcome).isIn(TlsShutdownOutcome.RESET, TlsShutdownOutcome.TIMED_OUT);
				}
				else {
					assertThat(outcome).isEqualTo(TlsShutdownOutcome.RESET);
				}
			}
		}
	}

}
