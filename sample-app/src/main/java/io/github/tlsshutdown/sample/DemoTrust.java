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

import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * Makes demo clients trust only the server's own certificate.
 */
@Component
class DemoTrust {

	/** Also in {@code application.yml}. */
	private static final String BUNDLE = "development";

	private final SSLContext context;

	DemoTrust(SslBundles bundles) throws GeneralSecurityException {
		KeyStore server = bundles.getBundle(BUNDLE).getStores().getKeyStore();
		TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
		trustManagers.init(server);
		this.context = SSLContext.getInstance("TLS");
		this.context.init(null, trustManagers.getTrustManagers(), null);
	}

	SSLContext context() {
		return this.context;
	}

}
