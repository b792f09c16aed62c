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

package io.github.tlsshutdown.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * The certificate of all servers: self-signed, ECDSA on P-256, made once for each run.
 */
public final class KeyStoreFile {

	/** Its password. */
	public static final String PASSWORD = "benchmark";

	private static final Path path = Layout.WORK.resolve("server-" + ProcessHandle.current().pid() + ".p12");

	private KeyStoreFile() {
	}

	/**
	 * Return the key store, in PKCS12.
	 * @return the path
	 * @throws IOException if it cannot be made
	 */
	public static synchronized Path path() throws IOException {
		if (!Files.exists(path)) {
			Files.createDirectories(path.getParent());
			Commands.run(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
					"server", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost", "-ext",
					"SAN=dns:localhost,ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore",
					path.toString(), "-storepass", PASSWORD);
			path.toFile().deleteOnExit();
		}
		return path;
	}

	/**
	 * Return the same key and certificate, for those who do not read PKCS12.
	 * @return the path
	 * @throws IOException if it cannot be made
	 */
	public static synchronized Path pem() throws IOException {
		Path pem = Path.of(path().toString().replace(".p12", ".pem"));
		if (!Files.exists(pem)) {
			try {
				KeyStore store = KeyStore.getInstance(path().toFile(), PASSWORD.toCharArray());
				Files.writeString(pem, block("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded())
						+ block("CERTIFICATE", store.getCertificate("server").getEncoded()));
			}
			catch (GeneralSecurityException ex) {
				throw new IOException(ex);
			}
			pem.toFile().deleteOnExit();
		}
		return pem;
	}

	private static String block(String type, byte[] content) {
		return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
				+ "-----\n";
	}

}
