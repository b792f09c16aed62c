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
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;

/**
 * Finds the reason why a handshake was not completed. Uses what was sent and received
 * where that is enough; for encrypted messages, and so for certificates, only the
 * engine's exception is available, which differs between providers.
 */
final class NoHandshake {

	private static final Log logger = LogFactory.getLog(NoHandshake.class);

	/**
	 * Alerts for a first message that offers nothing the server accepts:
	 * handshake_failure, protocol_version, insufficient_security and
	 * no_application_protocol (RFC 8446 section 6.2, RFC 7301).
	 */
	private static final Set<Integer> NOTHING_IN_COMMON = Set.of(40, 70, 71, 120);

	private static final int LONGEST_CHAIN = 10;

	private NoHandshake() {
	}

	/**
	 * Return the reason.
	 * @param before what happened before the close
	 * @param initiator the side that was the first to end the connection
	 * @return the reason
	 */
	static TlsShutdownNoHandshakeReason reason(BeforeClose before, TlsShutdownInitiator initiator) {
		HandshakeSigns handshake = before.handshake();
		if (handshake == null) {
			return TlsShutdownNoHandshakeReason.OTHER;
		}
		try {
			return reason(handshake, before, initiator);
		}
		catch (RuntimeException | Error ex) {
			// The application's trust manager can throw exceptions of any kind
			logger.debug("Reason unknown", ex);
			return TlsShutdownNoHandshakeReason.OTHER;
		}
	}

	private static TlsShutdownNoHandshakeReason reason(HandshakeSigns handshake, BeforeClose before,
			TlsShutdownInitiator initiator) {
		return switch (handshake.beginning()) {
			case NOTHING -> TlsShutdownNoHandshakeReason.NOTHING_RECEIVED;
			case HTTP -> TlsShutdownNoHandshakeReason.PLAIN_HTTP;
			case OTHER -> TlsShutdownNoHandshakeReason.OTHER;
			case TLS -> reason(handshake, before, initiator == TlsShutdownInitiator.LOCAL);
		};
	}

	private static TlsShutdownNoHandshakeReason reason(HandshakeSigns handshake, BeforeClose before, boolean ours) {
		if (handshake.isTimedOut()) {
			return TlsShutdownNoHandshakeReason.TIMED_OUT;
		}
		IOException failure = before.failure();
		if (failure != null && before.tlsFailed()) {
			return ours ? refusal(handshake, failure)
					: isAlert(failure) ? TlsShutdownNoHandshakeReason.PEER_ALERT : TlsShutdownNoHandshakeReason.OTHER;
		}
		return (before.endOfStream() || failure != null) ? TlsShutdownNoHandshakeReason.PEER_LEFT
				: TlsShutdownNoHandshakeReason.OTHER;
	}

	private static TlsShutdownNoHandshakeReason refusal(HandshakeSigns handshake, IOException failure) {
		Integer alert = handshake.refusal();
		if (alert != null) {
			return NOTHING_IN_COMMON.contains(alert) ? TlsShutdownNoHandshakeReason.NOTHING_IN_COMMON
					: TlsShutdownNoHandshakeReason.OTHER;
		}
		if (says(failure, "empty client certificate chain", "peer did not return a certificate",
				"certificate required")) {
			return TlsShutdownNoHandshakeReason.NO_CLIENT_CERTIFICATE;
		}
		boolean distrust = isCausedBy(failure,
				(cause) -> cause instanceof CertificateException || cause instanceof CertPathValidatorException);
		return (distrust || says(failure, "certificate verify failed"))
				? TlsShutdownNoHandshakeReason.UNTRUSTED_CLIENT_CERTIFICATE : TlsShutdownNoHandshakeReason.OTHER;
	}

	private static boolean isAlert(IOException failure) {
		return failure instanceof PeerAlertException
				|| says(failure, "received fatal alert", "fatalalertreceived", "tlsv1 alert", "sslv3 alert");
	}

	// The JDK uses words, OpenSSL UPPER_CASE, Bouncy Castle class names
	private static boolean says(IOException failure, String... words) {
		return isCausedBy(failure, (cause) -> {
			String text = cause.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
			for (String word : words) {
				if (text.contains(word)) {
					return true;
				}
			}
			return false;
		});
	}

	private static boolean isCausedBy(IOException failure, Predicate<Throwable> condition) {
		Throwable cause = failure;
		for (int i = 0; cause != null && i < LONGEST_CHAIN; i++) {
			if (condition.test(cause)) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

}
