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

import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

import org.apache.tomcat.util.net.SSLContext;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLUtil;
import org.apache.tomcat.util.net.jsse.JSSEImplementation;
import org.apache.tomcat.util.net.jsse.JSSEUtil;

/**
 * Has a connector's TLS engines made by a security provider of one's choice, whichever is
 * the first of the JVM.
 */
public abstract class ProviderSslImplementation extends JSSEImplementation {

	private final TlsProvider tlsProvider;

	private final Provider provider;

	protected ProviderSslImplementation(TlsProvider tlsProvider) {
		this.tlsProvider = tlsProvider;
		this.provider = tlsProvider.create();
	}

	@Override
	public SSLUtil getSSLUtil(SSLHostConfigCertificate certificate) {
		return new ProviderSslUtil(certificate);
	}

	/** Not static: Tomcat's constructor asks already what is implemented. */
	private final class ProviderSslUtil extends JSSEUtil {

		ProviderSslUtil(SSLHostConfigCertificate certificate) {
			super(certificate);
		}

		@Override
		protected Set<String> getImplementedProtocols() {
			return Set.of(supported().getProtocols());
		}

		@Override
		protected Set<String> getImplementedCiphers() {
			return Set.of(supported().getCipherSuites());
		}

		private SSLParameters supported() {
			try {
				SSLContext context = createSSLContextInternal(List.of());
				context.init(null, null, null);
				return context.getSupportedSSLParameters();
			}
			catch (NoSuchAlgorithmException | KeyManagementException ex) {
				throw new IllegalArgumentException(ex);
			}
		}

		@Override
		public KeyManager[] getKeyManagers() throws Exception {
			Provider provider = ProviderSslImplementation.this.provider;
			if (provider.getService("KeyManagerFactory", "PKIX") == null) {
				return super.getKeyManagers();
			}
			// One that knows the names by which this provider asks for keys
			KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", provider);
			factory.init(this.certificate.getCertificateKeystore(),
					this.certificate.getCertificateKeystorePassword().toCharArray());
			return factory.getKeyManagers();
		}

		@Override
		public SSLContext createSSLContextInternal(List<String> negotiableProtocols) throws NoSuchAlgorithmException {
			return new ProviderSslContext(javax.net.ssl.SSLContext.getInstance(this.sslHostConfig.getSslProtocol(),
					ProviderSslImplementation.this.provider));
		}

	}

	private final class ProviderSslContext implements SSLContext {

		private final javax.net.ssl.SSLContext context;

		private KeyManager[] keyManagers = {};

		private TrustManager[] trustManagers = {};

		ProviderSslContext(javax.net.ssl.SSLContext context) {
			this.context = context;
		}

		@Override
		public void init(KeyManager[] keyManagers, TrustManager[] trustManagers, SecureRandom random)
				throws KeyManagementException {
			this.keyManagers = (keyManagers != null) ? keyManagers : this.keyManagers;
			this.trustManagers = (trustManagers != null) ? trustManagers : this.trustManagers;
			this.context.init(keyManagers, trustManagers, random);
		}

		@Override
		public SSLEngine createSSLEngine() {
			SSLEngine engine = this.context.createSSLEngine();
			ProviderSslImplementation.this.tlsProvider.created(engine);
			return engine;
		}

		@Override
		public SSLSessionContext getServerSessionContext() {
			return this.context.getServerSessionContext();
		}

		@Override
		public SSLServerSocketFactory getServerSocketFactory() {
			return this.context.getServerSocketFactory();
		}

		@Override
		public SSLParameters getSupportedSSLParameters() {
			return this.context.getSupportedSSLParameters();
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			for (KeyManager keyManager : this.keyManagers) {
				if (keyManager instanceof X509KeyManager x509 && x509.getCertificateChain(alias) != null) {
					return x509.getCertificateChain(alias);
				}
			}
			return null;
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			for (TrustManager trustManager : this.trustManagers) {
				if (trustManager instanceof X509TrustManager x509) {
					return x509.getAcceptedIssuers();
				}
			}
			return new X509Certificate[0];
		}

		@Override
		public void destroy() {
		}

	}

}
