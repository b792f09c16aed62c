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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.AcceptedConnections;
import io.github.tlsshutdown.testsupport.ManyConnections;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * A server of which the policy changes.
 */
final class ChaosServer implements AutoCloseable {

	private static final String DISCARD = "tls.shutdown.max-discard=1MB";

	/** What Reactor Netty uses, if not what it would use in other tests. */
	private static final @Nullable String ENGINE = System.getProperty("chaos.engine");

	private static final Duration PATIENCE = Duration.ofSeconds(50);

	private final TestServer server;

	private final ChaosRecorder recorder;

	private final TlsShutdownConnector connector;

	private final AcceptedConnections accepted;

	private final InetSocketAddress address;

	private final PolicyChanges policies;

	private ChaosServer(ScriptGenerator generator, Ledger ledger, Duration patience, Duration keepAlive,
			String... properties) {
		List<String> all = new ArrayList<>(ManyConnections.properties(patience, keepAlive));
		all.addAll(List.of(properties));
		all.add("server.http2.enabled=true");
		if (ENGINE != null) {
			all.add("test.engine=" + ENGINE);
		}
		for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
			String rule = "tls.shutdown.rules[" + policy.ordinal() + "].";
			all.addAll(List.of(rule + "remote-address=127.0." + network(policy) + ".0/24", rule + "policy=" + policy,
					rule + "linger=false"));
		}
		this.server = TestServer.start(ChaosApplication.class, all);
		this.recorder = (ChaosRecorder) this.server.recorder();
		this.recorder.setLedger(ledger);
		this.connector = this.recorder.connector();
		this.accepted = this.server.context().getBean(AcceptedConnections.class);
		this.accepted.onAccepted(ledger::accepted);
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.port());
		this.policies = new PolicyChanges(this.connector, generator);
	}

	/**
	 * Return where peers have their addresses.
	 * @param ruled the policy of the rule for that network, or {@code null} for none
	 * @return the third byte of the address
	 */
	static int network(@Nullable TlsShutdownPolicy ruled) {
		return (ruled != null) ? 2 + ruled.ordinal() : 1;
	}

	/**
	 * Start a server that waits so long for its peers that it does not matter how busy
	 * the machine is.
	 * @param generator makes the policies
	 * @param ledger is told of connections
	 * @return the server
	 */
	static ChaosServer patient(ScriptGenerator generator, Ledger ledger) {
		return new ChaosServer(generator, ledger, PATIENCE, PATIENCE, "tls.shutdown.timeout=50s",
				"tls.shutdown.max-wait=50s", DISCARD);
	}

	/**
	 * Start a server that does not wait long for its peers, except for their handshakes
	 * and first requests.
	 * @param generator makes the policies
	 * @param ledger is told of connections
	 * @return the server
	 */
	static ChaosServer impatient(ScriptGenerator generator, Ledger ledger) {
		return new ChaosServer(generator, ledger, Duration.ofSeconds(4), Duration.ofMillis(250),
				"tls.shutdown.timeout=250ms", "tls.shutdown.max-wait=800ms");
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
		return new ChaosServer(generator, ledger, PATIENCE, PATIENCE, "tls.shutdown.timeout=5s", DISCARD,
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
		return this.accepted.number();
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
	 * Return the number of connections that the server counts.
	 * @return the number
	 */
	long openConnections() {
		return this.server.openConnections();
	}

	void forgetSessions() {
		this.server.forgetSessions();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
