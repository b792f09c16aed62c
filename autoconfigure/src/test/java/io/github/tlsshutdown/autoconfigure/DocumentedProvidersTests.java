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

package io.github.tlsshutdown.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.Documentation;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TestServer.Application;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the page on providers says.
 */
class DocumentedProvidersTests {

	private static final String KEY_MANAGER_ALGORITHM = "ssl.KeyManagerFactory.algorithm";

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void bouncyCastleDoesNotReadTheAnswer(String protocol) throws Exception {
		String algorithm = Security.getProperty(KEY_MANAGER_ALGORITHM);
		try {
			assertThat(outcomeOfAnswered(BouncyCastleExample::main, "BOUNCYCASTLE", protocol))
				.isEqualTo(TlsShutdownOutcome.SENT);
		}
		finally {
			Security.removeProvider("BCJSSE");
			Security.setProperty(KEY_MANAGER_ALGORITHM, algorithm);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void conscryptReadsTheAnswer(String protocol) throws Exception {
		try {
			assertThat(outcomeOfAnswered(ConscryptExample::main, "Conscrypt", protocol))
				.isEqualTo(TlsShutdownOutcome.COMPLETED);
		}
		finally {
			Security.removeProvider("Conscrypt");
		}
	}

	@Test
	void examplesAreThoseThatAreRunHere() throws Exception {
		String source = Files
			.readString(Path.of("src", "test", "java").resolve(getClass().getName().replace('.', '/') + ".java"));
		assertThat(Documentation.examples("providers.md", "java")).hasSize(2)
			.allSatisfy((example) -> assertThat(source).containsIgnoringWhitespaces(example));
		assertThat(Documentation.examples("providers.md", "yaml")).hasSize(1)
			.allSatisfy(
					(example) -> assertThat(example).containsIgnoringWhitespaces("server: ssl: protocol: Conscrypt"));
	}

	private static TlsShutdownOutcome outcomeOfAnswered(Consumer<String[]> main, String name, String protocol)
			throws Exception {
		// Nobody else knows the name
		assertThatExceptionOfType(NoSuchAlgorithmException.class).isThrownBy(() -> SSLContext.getInstance(name));
		try (TestServer server = TestServer.start(main, "tls.shutdown.policy=bidirectional",
				"server.ssl.protocol=" + name); TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(peer.awaitFinOrReset()).isEqualTo(End.FIN);
			peer.sendCloseNotify();
			peer.sendFin();
			peer.awaitEnd();
			assertThat(peer.sawCloseNotify()).isTrue();
			return server.recorder().awaitEvent(peer.localPort()).outcome();
		}
	}

	public static final class BouncyCastleExample {

		public static void main(String[] args) {
			Provider provider = new BouncyCastleJsseProvider(new BouncyCastleProvider());
			provider.put("Alg.Alias.SSLContext.BOUNCYCASTLE", "TLS");
			Security.addProvider(provider);
			Security.setProperty("ssl.KeyManagerFactory.algorithm", "X.509");
			SpringApplication.run(Application.class, args);
		}

	}

	public static final class ConscryptExample {

		public static void main(String[] args) {
			Provider provider = Conscrypt.newProvider();
			provider.put("Alg.Alias.SSLContext.Conscrypt", "TLS");
			Security.addProvider(provider);
			SpringApplication.run(Application.class, args);
		}

	}

}
