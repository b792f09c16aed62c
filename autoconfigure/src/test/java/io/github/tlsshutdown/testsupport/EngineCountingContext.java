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
import java.security.SecureRandom;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context that tells its {@link TlsProvider} of every engine.
 */
final class EngineCountingContext extends SSLContext {

	EngineCountingContext(TlsProvider tlsProvider, String protocol) throws NoSuchAlgorithmException {
		this(tlsProvider, SSLContext.getInstance(protocol, tlsProvider.create()));
	}

	private EngineCountingContext(TlsProvider tlsProvider, SSLContext context) {
		super(new Spi(tlsProvider, context), context.getProvider(), context.getProtocol());
	}

	private static final class Spi extends SSLContextSpi {

		private final TlsProvider tlsProvider;

		private final SSLContext context;

		Spi(TlsProvider tlsProvider, SSLContext context) {
			this.tlsProvider = tlsProvider;
			this.context = context;
		}

		@Override
		protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
				throws KeyManagementException {
			this.context.init(keys, trust, random);
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			SSLEngine engine = this.context.createSSLEngine();
			this.tlsProvider.created(engine);
			return engine;
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			SSLEngine engine = this.context.createSSLEngine(host, port);
			this.tlsProvider.created(engine);
			return engine;
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			return this.context.getSocketFactory();
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.context.getServerSocketFactory();
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.context.getServerSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.context.getClientSessionContext();
		}

		@Override
		protected SSLParameters engineGetDefaultSSLParameters() {
			return this.context.getDefaultSSLParameters();
		}

		@Override
		protected SSLParameters engineGetSupportedSSLParameters() {
			return this.context.getSupportedSSLParameters();
		}

	}

}
