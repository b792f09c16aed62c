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
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers that ask for the client's certificate, have several of their own, or change
 * them while connections are open.
 */
class CertificateTests {

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private static final String[] CLIENT_AUTH = { "server.ssl.client-auth=need",
			"server.ssl.trust-store=file:" + TestCertificate.trustStore(),
			"server.ssl.trust-store-password=" + TestCertificate.PASSWORD };

	private static final String[] BUNDLES = { "server.ssl.bundle=main",
			"server.ssl.server-name-bundles[0].server-name=other.example.com",
			"server.ssl.server-name-bundles[0].bundle=other",
			"spring.ssl.bundle.jks.main.keystore.location=file:" + TestCertificate.keyStore(),
			"spring.ssl.bundle.jks.main.keystore.password=" + TestCertificate.PASSWORD,
			"spring.ssl.bundle.jks.other.keystore.location=file:" + TestCertificate.otherKeyStore(),
			"spring.ssl.bundle.jks.other.keystore.password=" + TestCertificate.PASSWORD };

	@ParameterizedTest
	@EnumSource
	void clientWithCertificateIsServedAndItsConnectionEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, CLIENT_AUTH)) {
			SSLContext context = TlsPeer.newContext(TestCertificate.keyStore());
			for (String protocol : PROTOCOLS) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), protocol, context, 0)) {
					peer.get("/bye");
					PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
					assertThat(peer.receivedText()).startsWith("HTTP/1.1 200");
				}
				try (TlsPeer peer = TlsPeer.connect(server.port(), protocol, context, 0)) {
					peer.get("/hello");
					peer.readResponse("hello");
					PolicyAssertions.assertAnswersPeer(server.recorder(), peer, policy);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientWithoutCertificateIsTold(TlsShutdownPolicy policy) throws IOException {
		assertRejected(policy, TlsPeer.newContext(), "(bad_certificate|certificate_required|handshake_failure)");
	}

	@ParameterizedTest
	@EnumSource
	void clientWithUnknownCertificateIsTold(TlsShutdownPolicy policy) throws IOException {
		assertRejected(policy, TlsPeer.newContext(TestCertificate.otherKeyStore()),
				// The other one is Netty's, with OpenSSL
				"(certificate_unknown|internal_error)");
	}

	@ParameterizedTest
	@EnumSource
	void connectionsToEveryServerNameEndByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, BUNDLES)) {
			for (String name : List.of("localhost", "other.example.com")) {
				SSLParameters parameters = new SSLParameters();
				parameters.setServerNames(List.of(new SNIHostName(name)));
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 0, parameters)) {
					assertThat(subjectOfServer(peer)).isEqualTo("CN=" + name);
					peer.get("/bye");
					PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
				}
			}
			assertThat(server.recorder().events()).extracting(TlsShutdownEvent::connector)
				.containsOnly(server.recorder().connector().getName());
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionsWhenBundleIsReloadedEndByPolicyBeforeAndAfter(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, BUNDLES); TlsPeer before = TlsPeer.connect(server.port(), "TLSv1.3")) {
			before.get("/hello");
			before.readResponse("hello");
			assertThat(subjectOfServer(before)).isEqualTo("CN=localhost");
			reload(server);
			try (TlsPeer after = TlsPeer.connect(server.port(), "TLSv1.3")) {
				assertThat(subjectOfServer(after)).isEqualTo("CN=other.example.com");
				after.get("/bye");
				PolicyAssertions.assertServerEnds(server.recorder(), after, policy);
			}
			before.get("/bye");
			PolicyAssertions.assertServerEnds(server.recorder(), before, policy);
		}
	}

	@Test
	void connectionThatWaitsWhenBundleIsReloadedGoesOnWaiting() throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.BIDIRECTIONAL, BUNDLES);
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.readResponse("bye");
			await().until(() -> server.recorder().connector().getPending() == 1);
			reload(server);
			try (TlsPeer other = TlsPeer.connect(server.port(), "TLSv1.3")) {
				assertThat(subjectOfServer(other)).isEqualTo("CN=other.example.com");
			}
			assertThat(server.recorder().connector().getPending()).isEqualTo(1);
			PolicyAssertions.assertServerEnds(server.recorder(), peer, TlsShutdownPolicy.BIDIRECTIONAL);
		}
	}

	private static void assertRejected(TlsShutdownPolicy policy, SSLContext context, String alert) throws IOException {
		try (TestServer server = start(policy, CLIENT_AUTH)) {
			for (String protocol : PROTOCOLS) {
				assertThat(whatClientIsTold(server.port(), protocol, context)).isNotNull()
					.hasMessageMatching("(?s).*fatal alert: " + alert);
			}
			server.recorder().awaitTotal(PROTOCOLS.size());
			assertThat(server.recorder().events()).allSatisfy((event) -> {
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				assertThat(event.policy()).isEqualTo(policy);
				assertThat(event.closeNotifySent()).isFalse();
			});
		}
	}

	private static SSLException whatClientIsTold(int port, String protocol, SSLContext context) throws IOException {
		// Under TLS 1.3 a client has done its part before the server has seen the
		// certificate
		try (TlsPeer peer = TlsPeer.connect(port, protocol, context, 0)) {
			assertThat(protocol).isEqualTo("TLSv1.3");
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			return peer.fatal();
		}
		catch (SSLException ex) {
			assertThat(protocol).isEqualTo("TLSv1.2");
			return ex;
		}
	}

	private static String subjectOfServer(TlsPeer peer) throws IOException {
		X509Certificate certificate = (X509Certificate) peer.engine().getSession().getPeerCertificates()[0];
		return certificate.getSubjectX500Principal().getName();
	}

	private static void reload(TestServer server) {
		server.context()
			.getBean(SslBundleRegistry.class)
			.updateBundle("main", server.context().getBean(SslBundles.class).getBundle("other"));
	}

	private static TestServer start(TlsShutdownPolicy policy, String[] properties) {
		Assumptions.assumeTrue(properties != BUNDLES || TestServer.hasServerNameBundles(),
				"Spring Boot has one certificate for this server, and does not reload it");
		return TestServer.start(Stream
			.concat(Stream.of(properties), Stream.of("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=20s"))
			.toArray(String[]::new));
	}

}
