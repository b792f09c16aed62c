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

import java.security.Provider;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a server's TLS engines.
 */
public enum TlsProvider {

	/** What servers take unless told otherwise. */
	JDK(null, true),

	/** Forgets its keys with its close_notify. */
	BOUNCY_CASTLE(() -> new BouncyCastleJsseProvider(new BouncyCastleProvider()), false),

	/** BoringSSL, in native memory. */
	CONSCRYPT(Conscrypt::newProvider, true);

	private final @Nullable Supplier<Provider> provider;

	private final boolean readsAfterCloseNotify;

	private final Collection<SSLEngine> engines = new ConcurrentLinkedQueue<>();

	TlsProvider(@Nullable Supplier<Provider> provider, boolean readsAfterCloseNotify) {
		this.provider = provider;
		this.readsAfterCloseNotify = readsAfterCloseNotify;
	}

	/**
	 * Return what a server has to be started with.
	 * @return a configuration class
	 */
	public Class<?> configuration() {
		return ServerUnderTest.plug().configuration(this);
	}

	/**
	 * Whether an engine decrypts what comes after its own close_notify.
	 * @return whether it does
	 */
	public boolean readsAfterCloseNotify() {
		return this.readsAfterCloseNotify;
	}

	/**
	 * Make the security provider.
	 * @return the provider, which is not one of the JVM's
	 */
	Provider create() {
		Supplier<Provider> provider = this.provider;
		if (provider == null) {
			throw new IllegalStateException("Every JVM has it");
		}
		return provider.get();
	}

	void created(SSLEngine engine) {
		if (this == CONSCRYPT) {
			this.engines.add(engine);
		}
	}

	/**
	 * Return the engines in native memory that were made since this was last called.
	 * @return the engines
	 */
	public static List<SSLEngine> takeNativeEngines() {
		List<SSLEngine> taken = List.copyOf(CONSCRYPT.engines);
		CONSCRYPT.engines.removeAll(taken);
		return taken;
	}

}
