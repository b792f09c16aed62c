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

package io.github.tlsshutdown.chaos;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

import io.github.tlsshutdown.testsupport.TlsPeer;

/**
 * The TLS sessions of one client, which resumes them or not. Keeps few of them.
 */
final class Sessions {

	private static final SSLContext suspicious = suspiciousContext();

	private final SSLContext resuming;

	private final SSLContext full;

	/**
	 * Create a client without sessions.
	 * @param fullHandshakes counts the handshakes that resumed no session
	 */
	Sessions(AtomicInteger fullHandshakes) {
		this.resuming = TlsPeer.newContext(fullHandshakes);
		this.resuming.getClientSessionContext().setSessionCacheSize(10);
		this.full = TlsPeer.newContext(fullHandshakes);
		this.full.getClientSessionContext().setSessionCacheSize(1);
	}

	/**
	 * Return a context that trusts no self-signed certificate.
	 * @return the context
	 */
	static SSLContext suspicious() {
		return suspicious;
	}

	SSLContext context(Script script) {
		return script.resumed() ? this.resuming : this.full;
	}

	/**
	 * Return the name that sessions are found by.
	 * @param script what is played
	 * @return the name, without a dot, so that it is no host name to be sent
	 */
	String name(Script script) {
		return (script.resumed() ? "resumed-" : "full-" + script.number() + "-") + script.protocol().replace('.', '-');
	}

	private static SSLContext suspiciousContext() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
