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

package io.github.tlsshutdown.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The {@code openssl} command as the peer: an implementation of TLS that shares nothing
 * with the server's.
 */
class OpenSslClientTests {

	private static final String RECEIVED_ALERT = "(?s).*<<< TLS 1\\.[23], Alert \\[length 0002], warning close_notify.*";

	private static final String SENT_ALERT = "(?s).*>>> TLS 1\\.[23], Alert \\[length 0002], warning close_notify.*";

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("-tls1_2", "-tls1_3").map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void serverThatClosesFirstEndsByPolicy(TlsShutdownPolicy policy, String protocol) throws Exception {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy)) {
			String output = openssl(server, protocol, "/bye", "");
			assertThat(output).contains("HTTP/1.1 200").contains("bye");
			server.recorder().awaitTotal(1);
			TlsShutdownEvent event = server.recorder().events().get(0);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			switch (policy) {
				case UNIDIRECTIONAL -> {
					assertThat(output).matches(RECEIVED_ALERT);
					// A quick answer may have come by the time the server looks
					assertThat(event.outcome()).isIn(TlsShutdownOutcome.SENT, TlsShutdownOutcome.COMPLETED);
				}
				case BIDIRECTIONAL -> {
					assertThat(output).matches(RECEIVED_ALERT).matches(SENT_ALERT);
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
				}
				case QUIET -> {
					assertThat(output).doesNotMatch(RECEIVED_ALERT).contains("unexpected eof while reading");
					assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.QUIET);
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatClosesFirstIsAnsweredByPolicy(TlsShutdownPolicy policy, String protocol) throws Exception {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy)) {
			// "Q" makes the command send close_notify and leave
			String output = openssl(server, protocol, "/hello", "Q\n");
			assertThat(output).matches(SENT_ALERT);
			server.recorder().awaitTotal(1);
			TlsShutdownEvent event = server.recorder().events().get(0);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
			assertThat(event.closeNotifyReceived()).isTrue();
			assertThat(event.outcome()).isEqualTo(
					(policy == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET : TlsShutdownOutcome.COMPLETED);
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatRejectsTheCertificateIsTheOneToClose(TlsShutdownPolicy policy, String protocol) throws Exception {
		int times = 10;
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy)) {
			for (int i = 0; i < times; i++) {
				Process process = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + server.port(),
						protocol, "-verify_return_error", "-no-CAfile", "-no-CApath")
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.redirectError(ProcessBuilder.Redirect.DISCARD)
					.start();
				assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isNotZero();
			}
			server.recorder().awaitTotal(times);
			assertThat(server.recorder().events()).allSatisfy((event) -> {
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
			});
		}
	}

	private static String openssl(TestServer server, String protocol, String path, String afterResponse)
			throws IOException, InterruptedException {
		Process process = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + server.port(), protocol,
				"-msg")
			.redirectErrorStream(true)
			.start();
		try {
			send(process, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			StringBuilder output = new StringBuilder();
			while (!output.toString().endsWith("\r\n\r\n" + path.substring(1))) {
				int read = process.getInputStream().read();
				assertThat(read).as(output.toString()).isNotEqualTo(-1);
				output.append((char) read);
			}
			send(process, afterResponse);
			output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			return output.toString();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static void send(Process process, String input) throws IOException {
		process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
		process.getOutputStream().flush();
	}

}
