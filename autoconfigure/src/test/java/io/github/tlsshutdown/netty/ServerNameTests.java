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

package io.github.tlsshutdown.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server name is still known when the client is the first to close: rules can ask for
 * it, and it is told.
 */
class ServerNameTests {

	private static final String[] RULE = { "tls.shutdown.rules[0].server-name=quiet.example.com",
			"tls.shutdown.rules[0].policy=quiet" };

	@ParameterizedTest
	@CsvSource({ "JDK, TLSv1.2", "JDK, TLSv1.3", "OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3" })
	void nameOfAConnectionThatTheClientClosesIsKnown(String engine, String protocol) throws IOException {
		TlsShutdownEvent event = closeByClient(engine, protocol, new SNIHostName("quiet.example.com"));
		assertThat(event.serverName()).isEqualTo("quiet.example.com");
		assertThat(event.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
	}

	/**
	 * The JDK refuses such a client, but OpenSSL does not.
	 */
	@ParameterizedTest
	@CsvSource({ "TLSv1.2", "TLSv1.3" })
	void nameThatIsNoneIsIgnoredWithOpenSsl(String protocol) throws IOException {
		byte[] name = "quiet.example.com.".getBytes(StandardCharsets.US_ASCII);
		TlsShutdownEvent event = closeByClient("OPENSSL", protocol,
				new SNIServerName(StandardConstants.SNI_HOST_NAME, name) {
				});
		assertThat(event.serverName()).isNull();
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
	}

	private static TlsShutdownEvent closeByClient(String engine, String protocol, SNIServerName name)
			throws IOException {
		SSLParameters parameters = new SSLParameters();
		parameters.setServerNames(List.of(name));
		try (TestServer server = TestServer.start("test.engine=" + engine, RULE[0], RULE[1]);
				TlsPeer peer = TlsPeer.connect(server.port(), protocol, TlsPeer.newContext(), 0, parameters)) {
			peer.sendCloseNotify();
			peer.awaitEnd();
			return server.recorder().awaitEvent(peer.localPort());
		}
	}

}
