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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.WebApplicationType;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.tomcat.CountingProtocol;

/**
 * A server of which the policy changes.
 */
final class ChaosServer implements AutoCloseable {

	private final TestServer server;

	private final ChaosRecorder recorder;

	private final TlsShutdownConnector connector;

	private final CountingProtocol protocol;

	private final InetSocketAddress address;

	private final PolicyChanges policies;

	private ChaosServer(ScriptGenerator generator, Ledger ledger, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		// As many at the beginning as at the end: threads, and processors with their
		// buffers, of which Tomcat keeps as many as were ever in use at once
		all.addAll(List.of("server.http2.enabled=true", "server.tomcat.threads.max=48",
				"server.tomcat.threads.min-spare=48", "server.tomcat.processor-cache=0"));
		this.server = TestServer.start(ChaosApplication.class, WebApplicationType.SERVLET, new Class<?>[0],
				all.toArray(String[]::new));
		this.recorder = (ChaosRecorder) this.server.recorder();
		this.recorder.setLedger(ledger);
		this.connector = this.recorder.connector();
		this.protocol = (CountingProtocol) this.server.connector().getProtocolHandler();
		this.protocol.onAccepted(ledger::accepted);
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.port());
		this.policies = new PolicyChanges(this.connector, generator);
	}

	/**
	 * Start a server that waits so long for its peers that it does not matter how busy
	 * the machine is.
	 * @param generator makes the policies
	 * @param ledger is told of connections
	 * @return the server
	 */
	static ChaosServer patient(ScriptGenerator generator, Ledger ledger) {
		return new ChaosServer(generator, ledger, "tls.shutdown.timeout=50s", "tls.shutdown.max-wait=50s",
				"tls.shutdown.max-discard=200KB", "server.tomcat.connection-timeout=50s",
				"server.tomcat.keep-alive-timeout=50s");
	}

	/**
	 * Start a server that does not wait long for its peers, except for their handshakes
	 * and first requests.
	 * @param generator makes the policies
	 * @param ledger is told of connections
	 * @return the server
	 */
	static ChaosServer impatient(ScriptGenerator generator, Ledger ledger) {
		return new ChaosServer(generator, ledger, "tls.shutdown.timeout=250ms", "tls.shutdown.max-wait=800ms",
				"server.tomcat.connection-timeout=6s", "server.tomcat.keep-alive-timeout=250ms");
	}

	/**
	 * Start a server that will stop while it has connections.
	 * @param generator makes the policies
	 * @param ledger is told of connections
	 * @param shutdown whether requests are waited for: {@code graceful} or
	 * {@code immediate}
	 * @return the server
	 */
	static ChaosServer stopping(ScriptGenerator generator, Ledger ledger, String shutdown) {
		return new ChaosServer(generator, ledger, "tls.shutdown.timeout=5s", "tls.shutdown.max-discard=200KB",
				"server.tomcat.connection-timeout=50s", "server.tomcat.keep-alive-timeout=50s",
				"server.shutdown=" + shutdown, "spring.lifecycle.timeout-per-shutdown-phase=3s");
	}

	InetSocketAddress address() {
		return this.address;
	}

	PolicyChanges policies() {
		return this.policies;
	}

	/**
	 * Return how many connections the connector has accepted.
	 * @return the number
	 */
	long accepted() {
		return this.protocol.accepted();
	}

	/**
	 * Return how many connections were told of.
	 * @return the number
	 */
	long events() {
		return this.recorder.received();
	}

	int pending() {
		return this.connector.getPending();
	}

	/**
	 * Return the number of connections Tomcat counts.
	 * @return the number
	 */
	long openConnections() {
		return this.server.openConnections();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
