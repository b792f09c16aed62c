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

package io.github.tlsshutdown.contract;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A session stays "closed and good" whatever the policy, as SSL_shutdown(3) has it.
 */
class SessionResumptionTests {

	static Stream<Arguments> providersPoliciesAndProtocols() {
		return Stream.of(TlsProvider.values())
			.flatMap((provider) -> Stream.of(TlsShutdownPolicy.values())
				.flatMap((policy) -> protocols(provider).map((protocol) -> Arguments.of(provider, policy, protocol))));
	}

	// Only the JDK's engines resume sessions of TLS 1.3, with or without the starter
	private static Stream<String> protocols(TlsProvider provider) {
		return (provider == TlsProvider.JDK) ? Stream.of("TLSv1.2", "TLSv1.3") : Stream.of("TLSv1.2");
	}

	@ParameterizedTest
	@MethodSource("providersPoliciesAndProtocols")
	void sessionIsResumedAfterEveryPolicy(TlsProvider provider, TlsShutdownPolicy policy, String protocol)
			throws Exception {
		AtomicInteger fullHandshakes = new AtomicInteger();
		SSLContext context = TlsPeer.newContext(fullHandshakes);
		try (TestServer server = TestServer.start(new Class<?>[] { provider.configuration() },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=200ms")) {
			for (int i = 1; i <= 3; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), protocol, context, 0)) {
					peer.get("/bye");
					peer.readResponse("bye");
					peer.awaitFinOrReset();
					server.recorder().awaitEvent(peer.localPort());
				}
			}
			assertThat(fullHandshakes).hasValue(1);
			TlsPeer.connect(server.port(), protocol, TlsPeer.newContext(fullHandshakes), 0).close();
			assertThat(fullHandshakes).hasValue(2);
		}
	}

}
