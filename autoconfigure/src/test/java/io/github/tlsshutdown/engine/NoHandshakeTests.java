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

package io.github.tlsshutdown.engine;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NoHandshake} and {@link HandshakeSigns}: what real clients do not do
 * at will, or not with every provider. {@code NoHandshakeReasonTests} has the others.
 */
class NoHandshakeTests {

	private static final byte[] HELLO = { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3 };

	private final HandshakeSigns signs = new HandshakeSigns();

	@ParameterizedTest
	@CsvSource({ "GET / HTTP/1.1, PLAIN_HTTP", "OPTIONS * HTTP/1.1, PLAIN_HTTP", "PRI * HTTP/2.0, PLAIN_HTTP",
			"'GET ', PLAIN_HTTP", "GET, OTHER", "GETTING, OTHER", "get / HTTP/1.1, OTHER" })
	void beginningIsKnownByWholeMethods(String text, TlsShutdownNoHandshakeReason reason) {
		begin(text.getBytes(StandardCharsets.US_ASCII));
		assertThat(reason(null, true)).isEqualTo(reason);
	}

	@Test
	void beginningThatWasTooShortMayBecomeKnown() {
		begin("GE".getBytes(StandardCharsets.US_ASCII));
		assertThat(reason(null, true)).isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
		begin("GET /".getBytes(StandardCharsets.US_ASCII));
		assertThat(reason(null, true)).isEqualTo(TlsShutdownNoHandshakeReason.PLAIN_HTTP);
		begin(HELLO);
		assertThat(reason(null, true)).isEqualTo(TlsShutdownNoHandshakeReason.PLAIN_HTTP);
	}

	@ParameterizedTest
	@CsvSource({ "40, NOTHING_IN_COMMON", "70, NOTHING_IN_COMMON", "71, NOTHING_IN_COMMON", "120, NOTHING_IN_COMMON",
			"50, OTHER", "80, OTHER" })
	void refusalOfTheFirstMessageIsKnownByItsAlert(byte description, TlsShutdownNoHandshakeReason reason) {
		begin(HELLO);
		send(new byte[] { 21, 3, 3, 0, 2, 2, description });
		assertThat(reason(new SSLException("refused"), true)).isEqualTo(reason);
	}

	@Test
	void exceptionThatCannotBeReadHasNoReason() {
		begin(HELLO);
		assertThat(reason(new SSLException("refused", new CertificateException() {

			private static final long serialVersionUID = 1L;

			@Override
			public String toString() {
				throw new IllegalStateException("thrown by the test");
			}

		}), true)).isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
	}

	@Test
	void alertAfterAnAnswerDoesNotSayThatNothingIsInCommon() {
		begin(HELLO);
		send(HELLO);
		send(new byte[] { 21, 3, 3, 0, 2, 2, 40 });
		assertThat(reason(new SSLException("refused"), true)).isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
	}

	@ParameterizedTest
	@CsvSource({ "Empty client certificate chain, NO_CLIENT_CERTIFICATE",
			"error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE, NO_CLIENT_CERTIFICATE",
			"error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED, UNTRUSTED_CLIENT_CERTIFICATE",
			"Insufficient buffer remaining, OTHER" })
	void refusalOfACertificateIsKnownByWhatTheEngineSays(String message, TlsShutdownNoHandshakeReason reason) {
		begin(HELLO);
		send(HELLO);
		assertThat(reason(new SSLHandshakeException(message), true)).isEqualTo(reason);
		// Of who has received such an alert nothing of the kind is known
		assertThat(reason(new SSLHandshakeException(message), false)).isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
	}

	@Test
	void certificateThatHasExpiredIsNotTrusted() {
		begin(HELLO);
		send(HELLO);
		SSLException failure = new SSLHandshakeException("PKIX path validation failed");
		failure.initCause(new CertificateExpiredException("NotAfter"));
		assertThat(reason(failure, true)).isEqualTo(TlsShutdownNoHandshakeReason.UNTRUSTED_CLIENT_CERTIFICATE);
	}

	@ParameterizedTest
	@CsvSource({ "Received fatal alert: unknown_ca",
			"error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA",
			"error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN" })
	void alertOfThePeerIsKnownByWhatTheEngineSays(String message) {
		begin(HELLO);
		assertThat(reason(new SSLException(message), false)).isEqualTo(TlsShutdownNoHandshakeReason.PEER_ALERT);
		assertThat(reason(new PeerAlertException(new SSLException("broken record")), false))
			.isEqualTo(TlsShutdownNoHandshakeReason.PEER_ALERT);
	}

	@Test
	void timeComesBeforeWhatItLedTo() {
		begin(HELLO);
		this.signs.timedOut();
		assertThat(reason(new SSLHandshakeException("Handshake timed out"), true))
			.isEqualTo(TlsShutdownNoHandshakeReason.TIMED_OUT);
	}

	@Test
	void peerThatResetsHasLeft() {
		begin(HELLO);
		assertThat(reason(new SocketException("Connection reset"), false))
			.isEqualTo(TlsShutdownNoHandshakeReason.PEER_LEFT);
	}

	@Test
	void serverThatGivesUpForNoneOfTheseReasonsIsOther() {
		begin(HELLO);
		assertThat(reason(null, true)).isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
		assertThat(NoHandshake.reason(BeforeClose.nothing(false), TlsShutdownInitiator.LOCAL))
			.isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
	}

	private void begin(byte[] bytes) {
		this.signs.begun(ByteBuffer.wrap(bytes), 0, bytes.length);
	}

	private void send(byte[] record) {
		this.signs.sent(ByteBuffer.wrap(record), 0, record.length);
	}

	private TlsShutdownNoHandshakeReason reason(@Nullable IOException failure, boolean ours) {
		return NoHandshake.reason(new BeforeClose(false, false, ours, failure, false, false, false, this.signs),
				ours ? TlsShutdownInitiator.LOCAL : TlsShutdownInitiator.PEER);
	}

}
