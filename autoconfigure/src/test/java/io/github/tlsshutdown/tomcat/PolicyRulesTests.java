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
import java.net.ServerSocket;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which rule a connection meets.
 */
@TestInstance(Lifecycle.PER_CLASS)
class PolicyRulesTests {

	private TestServer server;

	@BeforeAll
	void startServer() throws IOException {
		int port = freePort();
		this.server = TestServer.start("server.port=" + port, "server.http2.enabled=true",
				// Nobody comes from there
				"tls.shutdown.rules[0].remote-address=192.0.2.0/24,2001:db8::/32",
				"tls.shutdown.rules[0].policy=bidirectional",
				// All criteria, any value of each
				"tls.shutdown.rules[1].server-name=old.example.com,*.old.example.com",
				"tls.shutdown.rules[1].protocol=tlsv1.2", "tls.shutdown.rules[1].policy=quiet",
				"tls.shutdown.rules[2].application-protocol=h2", "tls.shutdown.rules[2].policy=bidirectional",
				"tls.shutdown.rules[3].remote-address=10.0.0.0/8,127.0.0.0/8",
				"tls.shutdown.rules[3].server-name=CHECK.example.com", "tls.shutdown.rules[3].policy=quiet",
				"tls.shutdown.rules[4].local-port=1", "tls.shutdown.rules[4].policy=bidirectional",
				"tls.shutdown.rules[5].local-port=1," + port, "tls.shutdown.rules[5].application-protocol=http/1.1",
				"tls.shutdown.rules[5].server-name=port.example.com", "tls.shutdown.rules[5].policy=quiet",
				"tls.shutdown.rules[7].server-name=b\u00fccher.example.com,*.B\u00dcCHER.test",
				"tls.shutdown.rules[7].policy=quiet",
				// Comes too late
				"tls.shutdown.rules[6].server-name=*.example.com", "tls.shutdown.rules[6].protocol=TLSv1.2",
				"tls.shutdown.rules[6].policy=bidirectional");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@CsvSource({ "other.test, TLSv1.3, http/1.1, UNIDIRECTIONAL", "old.example.com, TLSv1.2, http/1.1, QUIET",
			"a.old.example.com, TLSv1.2, http/1.1, QUIET", "A.OLD.example.com, TLSv1.2, http/1.1, QUIET",
			"a.old.example.com, TLSv1.2, h2, QUIET", "a.old.example.com, TLSv1.3, http/1.1, UNIDIRECTIONAL",
			"other.test, TLSv1.3, h2, BIDIRECTIONAL", "check.example.com, TLSv1.3, http/1.1, QUIET",
			"check.example.com, TLSv1.3, h2, BIDIRECTIONAL", "port.example.com, TLSv1.3, http/1.1, QUIET",
			"xn--bcher-kva.example.com, TLSv1.3, http/1.1, QUIET", "www.xn--bcher-kva.test, TLSv1.3, http/1.1, QUIET",
			"b.example.com, TLSv1.2, http/1.1, BIDIRECTIONAL", "b.example.com, TLSv1.3, http/1.1, UNIDIRECTIONAL" })
	void firstRuleOfWhichEveryCriterionIsMetDecides(String host, String protocol, String applicationProtocol,
			TlsShutdownPolicy policy) throws IOException {
		SSLParameters parameters = new SSLParameters();
		parameters.setServerNames(List.of(new SNIHostName(host)));
		parameters.setApplicationProtocols(new String[] { applicationProtocol });
		try (TlsPeer peer = TlsPeer.connect(this.server.port(), protocol, TlsPeer.newContext(), 0, parameters)) {
			peer.sendCloseNotify();
			peer.awaitEnd();
			assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			assertThat(this.server.recorder().awaitEvent(peer.localPort()).policy()).isEqualTo(policy);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
