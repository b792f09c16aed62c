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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

/**
 * A key and a self-signed certificate for {@code localhost}, created when first needed,
 * because a committed key would be public and its certificate expire.
 */
final class DevelopmentCertificate {

	/** Alias and password are also in {@code application.yml}. */
	static final String ALIAS = "development";

	static final String PASSWORD = "development";

	private final Path keyStore;

	private final Path keytool;

	/**
	 * Create a certificate that is kept in a file.
	 * @param keyStore the file, a PKCS12 key store
	 */
	DevelopmentCertificate(Path keyStore) {
		this(keyStore, Path.of(System.getProperty("java.home")));
	}

	DevelopmentCertificate(Path keyStore, Path javaHome) {
		this.keyStore = keyStore.toAbsolutePath();
		this.keytool = javaHome.resolve("bin").resolve("keytool");
	}

	/**
	 * Create the certificate, unless the file already contains one that is valid today.
	 */
	void createIfNeeded() {
		if (!isUsable()) {
			try {
				create();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Cannot write the development certificate to " + this.keyStore, ex);
			}
		}
	}

	private boolean isUsable() {
		try (InputStream content = Files.newInputStream(this.keyStore)) {
			KeyStore loaded = KeyStore.getInstance("PKCS12");
			loaded.load(content, PASSWORD.toCharArray());
			if (!loaded.isKeyEntry(ALIAS) || !(loaded.getCertificate(ALIAS) instanceof X509Certificate certificate)) {
				return false;
			}
			certificate.checkValidity();
			return true;
		}
		catch (IOException | GeneralSecurityException ex) {
			return false;
		}
	}

	private void create() throws IOException {
		// A directory, because keytool refuses to write to an empty file; next to the key
		// store, where the move is atomic
		Path directory = Files.createTempDirectory(this.keyStore.getParent(), "development-certificate");
		Path created = directory.resolve("development.p12");
		try {
			runKeytool(created);
			Files.move(created, this.keyStore, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(created);
			Files.delete(directory);
		}
	}

	private void runKeytool(Path file) {
		try {
			Process process = new ProcessBuilder(this.keytool.toString(), "-genkeypair", "-alias", ALIAS, "-keyalg",
					"EC", "-groupname", "secp256r1", "-validity", "365", "-dname", "CN=localhost", "-ext",
					"SAN=dns:localhost,ip:127.0.0.1,ip:::1", "-storetype", "PKCS12", "-keystore", file.toString(),
					"-storepass", PASSWORD)
				.redirectErrorStream(true)
				.start();
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes());
			if (process.waitFor() != 0) {
				throw new IllegalStateException(
						this.keytool + " could not make a development certificate: " + output.strip());
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot run " + this.keytool + " to make a development certificate:"
					+ " start the application with a Java runtime that has it, or put a key store at " + this.keyStore,
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while a development certificate was made", ex);
		}
	}

}
