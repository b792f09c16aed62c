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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

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
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections that end before their handshake is complete. The server must not send them
 * close_notify.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ParameterizedClass
@EnumSource
class HandshakeTests {

	/** Header of a record with a handshake message of 512 bytes that never comes. */
	private static final byte[] HALF_CLIENT_HELLO = { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3 };

	private static final byte ALERT = 21;

	@Parameter
	private TlsProvider provider;

	private TestServer server;

	/** For handshakes that never finish. */
	private TestServer impatientServer;

	@BeforeParameterizedClassInvocation
	void startServers() {
		this.server = start(Duration.ofSeconds(60));
		this.impatientServer = start(Duration.ofSeconds(2));
	}

	private TestServer start(Duration idleTimeout) {
		return TestServer.start(new Class<?>[] { this.provider.configuration() }, "tls.shutdown.policy=bidirectional",
				TestServer.idleTimeout(idleTimeout), "server.ssl.enabled-protocols=TLSv1.3");
	}

	@AfterParameterizedClassInvocation
	void stopServers() {
		this.server.close();
		this.impatientServer.close();
	}

	@Test
	void portScanIsNoHandshake() throws IOException {
		try (Socket socket = connect()) {
			int port = socket.getLocalPort();
			socket.shutdownOutput();
			assertThat(readAll(socket)).isEmpty();
			assertNoHandshake(port, TlsShutdownInitiator.PEER);
		}
	}

	@Test
	void resetBeforeTheHandshakeIsNoHandshake() throws IOException {
		Socket socket = connect();
		int port = socket.getLocalPort();
		socket.setSoLinger(true, 0);
		socket.close();
		assertNoHandshake(port, TlsShutdownInitiator.PEER);
	}

	@Test
	void resetInTheHandshakeIsNoHandshakeByThePeer() throws IOException {
		Socket socket = connect();
		int port = socket.getLocalPort();
		socket.getOutputStream().write(HALF_CLIENT_HELLO);
		// Most likely the server has read it then
		await().during(Duration.ofMillis(100))
			.until(() -> this.server.recorder().events().stream().noneMatch((event) -> isOf(event, port)));
		socket.setSoLinger(true, 0);
		socket.close();
		assertNoHandshake(port, TlsShutdownInitiator.PEER);
	}

	@Test
	void finInTheHandshakeIsNoHandshake() throws IOException {
		try (Socket socket = connect()) {
			socket.getOutputStream().write(HALF_CLIENT_HELLO);
			socket.shutdownOutput();
			assertThat(readAll(socket)).isEmpty();
			assertNoHandshake(socket.getLocalPort(), TlsShutdownInitiator.PEER);
		}
	}

	@Test
	void plainHttpIsAnsweredAsTheServerDoesAndIsNoHandshake() throws IOException {
		try (Socket socket = connect()) {
			socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			assertThat(new String(readAll(socket), StandardCharsets.US_ASCII))
				.startsWith(TestServer.answerToPlainHttp());
			// Who was first is a matter of the answer
			assertThat(this.server.recorder().awaitEvent(socket.getLocalPort()).outcome())
				.isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 11 })
	void handshakeThatNeverFinishesIsNoHandshake(int bytes) throws IOException {
		try (Socket socket = connectTo(this.impatientServer)) {
			socket.getOutputStream().write(HALF_CLIENT_HELLO, 0, bytes);
			assertThat(readAll(socket)).isEmpty();
			assertNoHandshake(this.impatientServer, socket.getLocalPort(), TlsShutdownInitiator.LOCAL);
		}
	}

	@Test
	void handshakeThatNeverFinishesAfterTheServersFlightIsNoHandshake() throws Exception {
		byte[] hello = TlsPeer.clientHello("TLSv1.3");
		try (Socket socket = connectTo(this.impatientServer)) {
			socket.getOutputStream().write(hello);
			byte[] received = readAll(socket);
			// Everything after ServerHello is encrypted, and so would the alert be
			assertThat(received).isNotEmpty();
			assertThat(received[0]).isNotEqualTo(ALERT);
			assertNoHandshake(this.impatientServer, socket.getLocalPort(), TlsShutdownInitiator.LOCAL);
		}
	}

	@Test
	void versionThatIsNotOfferedIsRefusedByFatalAlertAndIsNoHandshake() {
		int before = this.server.recorder().events().size();
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> TlsPeer.connect(this.server.port(), "TLSv1.2"))
			.withMessageContaining("protocol_version");
		await().until(() -> this.server.recorder().events().size() > before);
		assertNoHandshake(this.server.recorder().events().get(before), TlsShutdownInitiator.LOCAL);
	}

	@Test
	void certificateThatTheClientRejectsIsNoHandshake() throws Exception {
		SSLContext suspicious = SSLContext.getInstance("TLS", "SunJSSE");
		suspicious.init(null, null, null);
		int before = this.server.recorder().events().size();
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> TlsPeer.connect(this.server.port(), "TLSv1.3", suspicious, 0));
		await().until(() -> this.server.recorder().events().size() > before);
		assertNoHandshake(this.server.recorder().events().get(before), TlsShutdownInitiator.PEER);
	}

	private static boolean isOf(TlsShutdownEvent event, int port) {
		return event.remoteAddress().getPort() == port;
	}

	private Socket connect() throws IOException {
		return connectTo(this.server);
	}

	private static Socket connectTo(TestServer server) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static byte[] readAll(Socket socket) throws IOException {
		InputStream input = socket.getInputStream();
		return input.readAllBytes();
	}

	private void assertNoHandshake(int port, TlsShutdownInitiator initiator) {
		assertNoHandshake(this.server, port, initiator);
	}

	private void assertNoHandshake(TestServer server, int port, TlsShutdownInitiator initiator) {
		assertNoHandshake(server.recorder().awaitEvent(port), initiator);
	}

	private void assertNoHandshake(TlsShutdownEvent event, TlsShutdownInitiator initiator) {
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
		assertThat(event.initiator()).isEqualTo(initiator);
		assertThat(event.protocol()).isEqualTo(TlsShutdownEvent.UNKNOWN_PROTOCOL);
		assertThat(event.closeNotifySent()).isFalse();
		assertThat(event.closeNotifyReceived()).isFalse();
	}

}
