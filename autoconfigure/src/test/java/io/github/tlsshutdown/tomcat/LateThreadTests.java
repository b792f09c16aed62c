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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that still serve a connection when it has gone, as those of HTTP/2 do, and the
 * next connection has its channel. What they meet must not be taken for what the next
 * connection's peer has done, and what they write must not get into its handshake.
 */
class LateThreadTests {

	@ParameterizedTest
	@EnumSource
	void threadThatComesLateDoesNotTouchTheNextConnection(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { LateThreads.class },
				"tls.shutdown.policy=" + policy)) {
			TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3");
			peer.get("/bye");
			peer.awaitEnd();
			peer.sendCloseNotify();
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(switch (policy) {
				case UNIDIRECTIONAL -> TlsShutdownOutcome.SENT;
				case BIDIRECTIONAL -> TlsShutdownOutcome.COMPLETED;
				case QUIET -> TlsShutdownOutcome.QUIET;
			});
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			peer.close();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class LateThreads {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> protocol() {
			return (factory) -> factory.setProtocol(LateThreadsProtocol.class.getName());
		}

	}

}
