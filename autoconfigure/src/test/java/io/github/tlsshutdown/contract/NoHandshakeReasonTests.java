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

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the server says of clients whose handshake is not completed, by clients of
 * different makes. The server insists on a client certificate.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ParameterizedClass
@EnumSource
class NoHandshakeReasonTests {

	/** Header of a record with a handshake message of 512 bytes that never comes. */
	private static final byte[] HALF_CLIENT_HELLO = { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3 };

	@Parameter
	private TlsProvider provider;

	private TestServer server;

	/** For handshakes that never finish. */
	private TestServer impatientServer;

	@BeforeParameterizedClassInvocation
	void startServers() {
		// Reactor Netty's test server with another provider has a property of its own
		this.server = start("server.ssl.client-auth=need", "test.client-auth=true",
				"server.ssl.trust-store=file:" + TestCertificate.trustStore(),
				"server.ssl.trust-store-password=" + TestCertificate.PASSWORD);
		this.impatientServer = start(TestServer.idleTimeout(Duration.ofSeconds(1)));
	}

	private TestServer start(String... properties) {
		return TestServer.start(new Class<?>[] { this.provider.configuration() }, properties);
	}

	@AfterParameterizedClassInvocation
	void stopServers() {
		this.server.close();
		this.impatientServer.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void clientThatOnlyConnectsHasSentNothing(boolean reset) throws IOException {
		try (Socket socket = connect(this.server)) {
			leave(socket, reset);
			assertReason(this.server, socket, TlsShutdownNoHandshakeReason.NOTHING_RECEIVED);
		}
	}

	@Test
	void clientThatIsSilentHasSentNothing() throws IOException {
		try (Socket socket = connect(this.impatientServer)) {
			assertReason(this.impatientServer, socket, TlsShutdownNoHandshakeReason.NOTHING_RECEIVED);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--http1.1", "--http2-prior-knowledge" })
	void curlWithoutTlsSpeaksPlainHttp(String version) throws Exception {
		assertThat(reasonFor("curl", "-sS", version, "http://127.0.0.1:" + this.server.port()))
			.isEqualTo(TlsShutdownNoHandshakeReason.PLAIN_HTTP);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SSH-2.0-OpenSSH\r\n", "EHLO example.com\r\n", "GETS", "x" })
	void whatIsNeitherTlsNorHttpIsOther(String greeting) throws IOException {
		try (Socket socket = connect(this.server)) {
			socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			assertReason(this.server, socket, TlsShutdownNoHandshakeReason.OTHER);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientWithoutCertificateIsKnown(String protocol) throws IOException {
		// Bouncy Castle has nothing to say but handshake_failure under TLS 1.2
		boolean known = this.provider != TlsProvider.BOUNCY_CASTLE || protocol.equals("TLSv1.3");
		assertThat(reasonFor(protocol, TlsPeer.newContext()))
			.isEqualTo(known ? TlsShutdownNoHandshakeReason.NO_CLIENT_CERTIFICATE : TlsShutdownNoHandshakeReason.OTHER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientWithUnknownCertificateIsNotTrusted(String protocol) throws IOException {
		assertThat(reasonFor(protocol, TlsPeer.newContext(TestCertificate.otherKeyStore())))
			.isEqualTo(TlsShutdownNoHandshakeReason.UNTRUSTED_CLIENT_CERTIFICATE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void javaClientThatRejectsTheCertificateSendsAnAlert(String protocol) throws Exception {
		SSLContext suspicious = SSLContext.getInstance("TLS", "SunJSSE");
		suspicious.init(null, null, null);
		assertThat(reasonFor(protocol, suspicious)).isEqualTo(TlsShutdownNoHandshakeReason.PEER_ALERT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-tls1_2", "-tls1_3" })
	void opensslThatRejectsTheCertificateSendsAnAlert(String protocol) throws Exception {
		assertThat(openssl(protocol, "-verify_return_error", "-no-CAfile", "-no-CApath"))
			.isEqualTo(TlsShutdownNoHandshakeReason.PEER_ALERT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.2", "1.3" })
	void curlThatRejectsTheCertificateSendsAnAlert(String version) throws Exception {
		assertThat(reasonFor("curl", "-sS", "--tlsv" + version, "--tls-max", version,
				"https://127.0.0.1:" + this.server.port()))
			.isEqualTo(TlsShutdownNoHandshakeReason.PEER_ALERT);
	}

	@Test
	void opensslWithAnOldVersionHasNothingInCommon() throws Exception {
		assertThat(openssl("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
			.isEqualTo(TlsShutdownNoHandshakeReason.NOTHING_IN_COMMON);
	}

	@Test
	void opensslWithCiphersForAnotherCertificateHasNothingInCommon() throws Exception {
		assertThat(openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"))
			.isEqualTo(TlsShutdownNoHandshakeReason.NOTHING_IN_COMMON);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void clientThatLeavesInTheHandshakeHasLeft(boolean reset) throws IOException {
		try (Socket socket = connect(this.server)) {
			socket.getOutputStream().write(TlsPeer.clientHello("TLSv1.3"));
			// The server has read it, then
			assertThat(socket.getInputStream().read()).isNotEqualTo(-1);
			leave(socket, reset);
			assertReason(this.server, socket, TlsShutdownNoHandshakeReason.PEER_LEFT);
		}
	}

	@Test
	void clientThatLeavesInTheMiddleOfItsFirstMessageHasLeft() throws IOException {
		try (Socket socket = connect(this.server)) {
			socket.getOutputStream().write(HALF_CLIENT_HELLO);
			leave(socket, false);
			assertReason(this.server, socket, TlsShutdownNoHandshakeReason.PEER_LEFT);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void clientThatDoesNotFinishIsTimedOut(boolean whole) throws IOException {
		try (Socket socket = connect(this.impatientServer)) {
			socket.getOutputStream().write(whole ? TlsPeer.clientHello("TLSv1.3") : HALF_CLIENT_HELLO);
			assertReason(this.impatientServer, socket, TlsShutdownNoHandshakeReason.TIMED_OUT);
		}
	}

	@Test
	void clientThatIsServedHasNoReason() throws IOException {
		try (TlsPeer peer = TlsPeer.connect(this.impatientServer.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(this.impatientServer.recorder().awaitEvent(peer.localPort()).noHandshakeReason()).isNull();
		}
	}

	private @Nullable TlsShutdownNoHandshakeReason reasonFor(String protocol, SSLContext context) throws IOException {
		int before = this.server.recorder().events().size();
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol, context, 0)) {
			peer.awaitEnd();
		}
		catch (SSLException ex) {
			// Told during the handshake
		}
		return nextReason(before);
	}

	private @Nullable TlsShutdownNoHandshakeReason openssl(String... options) throws Exception {
		return reasonFor(Stream
			.concat(Stream.of("openssl", "s_client", "-connect", "127.0.0.1:" + this.server.port()), Stream.of(options))
			.toArray(String[]::new));
	}

	private @Nullable TlsShutdownNoHandshakeReason reasonFor(String... command) throws Exception {
		int before = this.server.recorder().events().size();
		Process process = new ProcessBuilder(command).redirectInput(new File("/dev/null"))
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
		return nextReason(before);
	}

	private @Nullable TlsShutdownNoHandshakeReason nextReason(int before) {
		await().until(() -> this.server.recorder().events().size() > before);
		List<TlsShutdownEvent> events = this.server.recorder().events();
		assertThat(events).hasSize(before + 1);
		return events.get(before).noHandshakeReason();
	}

	private static Socket connect(TestServer server) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static void leave(Socket socket, boolean reset) throws IOException {
		if (reset) {
			socket.setSoLinger(true, 0);
			socket.close();
		}
		else {
			socket.shutdownOutput();
		}
	}

	private static void assertReason(TestServer server, Socket socket, TlsShutdownNoHandshakeReason reason) {
		assertThat(server.recorder().awaitEvent(socket.getLocalPort()).noHandshakeReason()).isEqualTo(reason);
	}

}
