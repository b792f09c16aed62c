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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that say close_notify together with their last request. With TLS 1.3 they can
 * still read the response.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ParameterizedClass
@ValueSource(strings = { "JDK", "OPENSSL" })
class LastRequestTests {

	/** What the server reads at once is a matter of luck. */
	private static final int TIMES = 5;

	@Parameter
	private String engine;

	private TestServer server;

	@BeforeParameterizedClassInvocation
	void startServer() {
		this.server = TestServer.start("test.engine=" + this.engine, "tls.shutdown.timeout=20s");
	}

	@AfterParameterizedClassInvocation
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesAndFins() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of(true, false).map((fin) -> Arguments.of(policy, fin)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndFins")
	void requestsBeforeCloseNotifyAreAnswered(TlsShutdownPolicy policy, boolean fin) throws IOException {
		this.server.usePolicy(policy);
		for (String path : List.of("/bye", "/hello")) {
			for (int i = 0; i < TIMES; i++) {
				try (TlsPeer peer = TlsPeer.connect(this.server.port(), "TLSv1.3")) {
					// The first record of TLS 1.3 would be read alone
					peer.get("/hello");
					peer.readResponse("hello");
					peer.takeReceived();
					byte[] requests = Arrays.concatenate(request(peer, "/hello"), request(peer, path));
					peer.sendRaw(Arrays.concatenate(requests, peer.encryptCloseNotify()));
					if (fin) {
						peer.sendFin();
					}
					assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
					assertThat(peer.receivedText())
						.containsPattern("(?s)\r\n\r\nhelloHTTP/1.1 200.*\r\n\r\n" + path.substring(1) + "$");
					assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
					PolicyAssertions.assertCompletedByPeer(this.server.recorder().awaitEvent(peer.localPort()), policy);
				}
			}
		}
	}

	private static byte[] request(TlsPeer peer, String path) throws IOException {
		return peer
			.encrypt(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
	}

}
