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

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A management port of its own, with TLS.
 */
public abstract class ManagementPortContract {

	private final Class<?> management;

	private final String prefix;

	/**
	 * Create the contract.
	 * @param management makes the management context
	 * @param prefix what connectors' names have before their port
	 */
	protected ManagementPortContract(Class<?> management, String prefix) {
		this.management = management;
		this.prefix = prefix;
	}

	@ParameterizedTest
	@EnumSource
	void bothPortsEndByPolicy(TlsShutdownPolicy policy) throws IOException {
		EventRecorder recorder;
		try (TestServer server = TestServer.start(new Class<?>[] { this.management }, "management.server.port=0",
				"management.server.ssl.key-store=file:" + TestCertificate.keyStore(),
				"management.server.ssl.key-store-password=" + TestCertificate.PASSWORD,
				"tls.shutdown.policy=" + policy)) {
			recorder = server.recorder();
			int managementPort = server.context()
				.getEnvironment()
				.getRequiredProperty("local.management.port", Integer.class);
			List<TlsShutdownConnector> connectors = recorder.connectors();
			assertThat(connectors).extracting(TlsShutdownConnector::getPort)
				.containsExactlyInAnyOrder(server.port(), managementPort);
			// The ports are the system's choice
			assertThat(connectors).extracting(TlsShutdownConnector::getName)
				.containsExactlyInAnyOrder(this.prefix + "auto-1", this.prefix + "auto-2");
			for (TlsShutdownConnector connector : connectors) {
				assertEndsByPolicy(recorder, connector, policy);
			}
		}
		assertThat(recorder.connectors()).isEmpty();
	}

	private void assertEndsByPolicy(EventRecorder recorder, TlsShutdownConnector connector, TlsShutdownPolicy policy)
			throws IOException {
		try (TlsPeer peer = TlsPeer.connect(connector.getPort(), "TLSv1.3")) {
			peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			TlsShutdownEvent event = PolicyAssertions.assertServerEnds(recorder, peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 ");
			assertThat(event.connector()).isEqualTo(connector.getName());
		}
	}

}
