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

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The certificate of the instances, and clients' trust in it.
 *
 * @param keyStore the file with the certificate and its key
 * @param context for clients
 * @param manager for clients
 */
record Trust(Path keyStore, SSLContext context, X509TrustManager manager) {

	static final String PASSWORD = "rolling";

	static Trust create(Path directory) throws Exception {
		Path keyStore = directory.resolve("server.p12");
		List<String> command = List.of("keytool", "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname",
				"CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore",
				keyStore.toString(), "-storepass", PASSWORD);
		if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
			throw new IOException(command + " failed");
		}
		KeyStore trusted = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
		trusted.setCertificateEntry("trusted", trusted.getCertificate("server"));
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, factory.getTrustManagers(), new SecureRandom());
		return new Trust(keyStore, context, (X509TrustManager) factory.getTrustManagers()[0]);
	}

}
