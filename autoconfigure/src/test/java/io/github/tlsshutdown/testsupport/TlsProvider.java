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

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.net.ssl.SSLEngine;

import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLImplementation;
import org.apache.tomcat.util.net.jsse.JSSEImplementation;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Who makes a server's TLS engines.
 */
public enum TlsProvider {

	/** What Tomcat takes unless told otherwise. */
	JDK(JSSEImplementation.class, JdkConfiguration.class, true),

	/** Forgets its keys with its close_notify. */
	BOUNCY_CASTLE(BouncyCastleImplementation.class, BouncyCastleConfiguration.class, false),

	/** BoringSSL, in native memory. */
	CONSCRYPT(ConscryptImplementation.class, ConscryptConfiguration.class, true);

	private final Class<? extends SSLImplementation> implementation;

	private final Class<?> configuration;

	private final boolean readsAfterCloseNotify;

	TlsProvider(Class<? extends SSLImplementation> implementation, Class<?> configuration,
			boolean readsAfterCloseNotify) {
		this.implementation = implementation;
		this.configuration = configuration;
		this.readsAfterCloseNotify = readsAfterCloseNotify;
	}

	/**
	 * Return what a server has to be started with.
	 * @return a configuration class
	 */
	public Class<?> configuration() {
		return this.configuration;
	}

	/**
	 * Whether an engine decrypts what comes after its own close_notify.
	 * @return whether it does
	 */
	public boolean readsAfterCloseNotify() {
		return this.readsAfterCloseNotify;
	}

	private TomcatConnectorCustomizer customizer() {
		return (connector) -> ((AbstractHttp11Protocol<?>) connector.getProtocolHandler())
			.setSslImplementationName(this.implementation.getName());
	}

	@Configuration(proxyBeanMethods = false)
	static class JdkConfiguration {

		@Bean
		TomcatConnectorCustomizer providerCustomizer() {
			return JDK.customizer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BouncyCastleConfiguration {

		@Bean
		TomcatConnectorCustomizer providerCustomizer() {
			return BOUNCY_CASTLE.customizer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConscryptConfiguration {

		@Bean
		TomcatConnectorCustomizer providerCustomizer() {
			return CONSCRYPT.customizer();
		}

	}

	/** Made by Tomcat, by its name. */
	public static final class BouncyCastleImplementation extends ProviderSslImplementation {

		public BouncyCastleImplementation() {
			super(new BouncyCastleJsseProvider(new BouncyCastleProvider()));
		}

	}

	/** Made by Tomcat, by its name. */
	public static final class ConscryptImplementation extends ProviderSslImplementation {

		private static final Collection<SSLEngine> engines = new ConcurrentLinkedQueue<>();

		public ConscryptImplementation() {
			super(Conscrypt.newProvider());
		}

		/**
		 * Return the engines that were made since this was last called.
		 * @return the engines
		 */
		public static List<SSLEngine> takeEngines() {
			List<SSLEngine> taken = List.copyOf(engines);
			engines.removeAll(taken);
			return taken;
		}

		@Override
		protected void created(SSLEngine engine) {
			engines.add(engine);
		}

	}

}
