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

package io.github.tlsshutdown.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

/**
 * Self-signed certificates, made once for each run of the tests.
 */
public final class TestCertificate {

	/** Password of the key store. */
	public static final String PASSWORD = "changeit";

	private static final Path keyStore = generate("localhost");

	private TestCertificate() {
	}

	/**
	 * Return the key store, in PKCS12, with a certificate for localhost.
	 * @return the path
	 */
	public static Path keyStore() {
		return keyStore;
	}

	/**
	 * Return a key store with another certificate, for other.example.com.
	 * @return the path
	 */
	public static Path otherKeyStore() {
		return Other.keyStore;
	}

	/**
	 * Return a store that trusts the certificate for localhost, and no other.
	 * @return the path
	 */
	public static Path trustStore() {
		return Trust.trustStore;
	}

	private static Path generateTrustStore() {
		char[] password = PASSWORD.toCharArray();
		Path trustStore = keyStore.resolveSibling("trust.p12");
		try (OutputStream out = Files.newOutputStream(trustStore)) {
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("test",
					KeyStore.getInstance(keyStore.toFile(), password).getCertificate("test"));
			trusted.store(out, password);
			return trustStore;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path generate(String name) {
		try {
			Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "certificate");
			Path keyStore = directory.resolve("test.p12").toAbsolutePath();
			Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=" + name, "-ext",
					"SAN=dns:" + name + ",ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore",
					keyStore.toString(), "-storepass", PASSWORD)
				.inheritIO()
				.start();
			if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
				throw new IllegalStateException("keytool made no certificate");
			}
			return keyStore;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Not every test needs it. */
	private static final class Other {

		private static final Path keyStore = generate("other.example.com");

	}

	private static final class Trust {

		private static final Path trustStore = generateTrustStore();

	}

}
