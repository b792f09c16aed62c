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

package io.github.tlsshutdown.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link DevelopmentCertificate}.
 */
class DevelopmentCertificateTests {

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	@TempDir
	private Path directory;

	private Path keyStore;

	@BeforeEach
	void setUp() {
		this.keyStore = this.directory.resolve("development.p12");
	}

	@Test
	void createIfNeededWhenFileIsMissingMakesCertificateForLocalhost() throws Exception {
		createIfNeeded();
		assertThat(files()).containsExactly(this.keyStore);
		X509Certificate certificate = certificate();
		certificate.verify(certificate.getPublicKey());
		assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
		assertThat(certificate.getSubjectAlternativeNames())
			.extracting((name) -> (Object) name.get(0), (name) -> name.get(1))
			.containsExactlyInAnyOrder(tuple(DNS_NAME, "localhost"), tuple(IP_ADDRESS, "127.0.0.1"),
					tuple(IP_ADDRESS, "0:0:0:0:0:0:0:1"));
		assertThat(Duration.between(Instant.now(), certificate.getNotAfter().toInstant()))
			.isBetween(Duration.ofDays(364), Duration.ofDays(365));
	}

	@Test
	void createIfNeededWhenCertificateIsValidKeepsIt() throws Exception {
		createIfNeeded();
		byte[] first = Files.readAllBytes(this.keyStore);
		createIfNeeded();
		assertThat(this.keyStore).hasBinaryContent(first);
	}

	@Test
	void createIfNeededWhenCertificateHasExpiredMakesAnother() throws Exception {
		keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-startdate", "-2d", "-validity", "1");
		PublicKey expired = certificate().getPublicKey();
		createIfNeeded();
		certificate().checkValidity();
		assertThat(certificate().getPublicKey()).isNotEqualTo(expired);
	}

	@Test
	void createIfNeededWhenFileIsNoKeyStoreReplacesIt() throws Exception {
		Files.writeString(this.keyStore, "interrupted");
		createIfNeeded();
		certificate().checkValidity();
	}

	@Test
	void createIfNeededWhenKeyIsMissingReplacesFile() throws Exception {
		keytool("-genseckey", "-keyalg", "AES", "-keysize", "128");
		createIfNeeded();
		certificate().checkValidity();
	}

	@Test
	void createIfNeededWhenKeytoolIsMissingSaysWhatToDo() throws IOException {
		Path javaHome = this.directory.resolve("java");
		assertThatIllegalStateException()
			.isThrownBy(() -> new DevelopmentCertificate(this.keyStore, javaHome).createIfNeeded())
			.withMessageContaining(javaHome.resolve("bin").resolve("keytool").toString())
			.withMessageContaining("start the application with a Java runtime that has it")
			.withMessageContaining(this.keyStore.toString());
		assertThat(files()).isEmpty();
	}

	private void createIfNeeded() {
		new DevelopmentCertificate(this.keyStore).createIfNeeded();
	}

	private void keytool(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		command.addAll(List.of(arguments));
		command.addAll(List.of("-alias", DevelopmentCertificate.ALIAS, "-storetype", "PKCS12", "-keystore",
				this.keyStore.toString(), "-storepass", DevelopmentCertificate.PASSWORD));
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		assertThat(process.waitFor()).isZero();
	}

	private X509Certificate certificate() throws IOException, GeneralSecurityException {
		KeyStore loaded = KeyStore.getInstance("PKCS12");
		try (InputStream content = Files.newInputStream(this.keyStore)) {
			loaded.load(content, DevelopmentCertificate.PASSWORD.toCharArray());
		}
		return (X509Certificate) loaded.getCertificate(DevelopmentCertificate.ALIAS);
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.toList();
		}
	}

}
