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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Plays scripts against servers, with several clients at once.
 */
final class ChaosRun implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(ChaosRun.class);

	private static final int CLIENTS = 32;

	private static final int CONNECTIONS_PER_POLICY = 150;

	private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final ScriptGenerator generator;

	private final Failures failures = new Failures();

	private final Ledger ledger = new Ledger(this.failures);

	private final ChaosServer patient;

	private final ChaosServer impatient;

	private final List<ChaosServer> servers;

	private final AtomicLong next = new AtomicLong();

	private final AtomicInteger fullHandshakes = new AtomicInteger();

	private final AtomicLong lastProgress = new AtomicLong(System.nanoTime());

	private volatile boolean stopping;

	private ChaosRun(ScriptGenerator generator) {
		this.generator = generator;
		this.patient = ChaosServer.patient(generator, this.ledger);
		this.impatient = ChaosServer.impatient(generator, this.ledger);
		this.servers = List.of(this.patient, this.impatient);
	}

	private ChaosRun(ScriptGenerator generator, String shutdown) {
		this.generator = generator;
		this.patient = ChaosServer.stopping(generator, this.ledger, shutdown);
		this.impatient = this.patient;
		this.servers = List.of(this.patient);
	}

	/**
	 * Start the servers of a run.
	 * @param generator makes the scripts
	 * @return the run
	 */
	static ChaosRun start(ScriptGenerator generator) {
		return new ChaosRun(generator);
	}

	/**
	 * Start the server of a run in which it stops.
	 * @param generator makes the scripts, none of which needs an impatient server
	 * @param shutdown whether requests are waited for: {@code graceful} or
	 * {@code immediate}
	 * @return the run
	 */
	static ChaosRun startToBeStopped(ScriptGenerator generator, String shutdown) {
		return new ChaosRun(generator, shutdown);
	}

	ScriptGenerator generator() {
		return this.generator;
	}

	Failures failures() {
		return this.failures;
	}

	Ledger ledger() {
		return this.ledger;
	}

	ChaosServer server(Script script) {
		return script.behaviour().needsImpatientServer() ? this.impatient : this.patient;
	}

	List<ChaosServer> servers() {
		return this.servers;
	}

	/**
	 * Return how many handshakes resumed no session.
	 * @return the number
	 */
	int fullHandshakes() {
		return this.fullHandshakes.get();
	}

	boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Play the scripts that follow.
	 * @param connections how many
	 * @throws Exception if that cannot be done
	 */
	void play(long connections) throws Exception {
		join(begin(connections));
	}

	/**
	 * Play the scripts that follow, and stop the server in the middle.
	 * @param connections how many to have begun before
	 * @throws Exception if that cannot be done
	 */
	void playAndStop(long connections) throws Exception {
		List<Thread> clients = begin(Long.MAX_VALUE);
		while (this.next.get() < connections && !this.failures.areEnough()) {
			TimeUnit.MILLISECONDS.sleep(1);
		}
		this.stopping = true;
		this.ledger.serverStops();
		close();
		this.ledger.serverHasStopped();
		join(clients);
	}

	private List<Thread> begin(long connections) {
		long end = (connections == Long.MAX_VALUE) ? connections : this.next.get() + connections;
		List<Thread> clients = new ArrayList<>();
		for (int i = 1; i <= CLIENTS; i++) {
			Thread client = new Thread(
					new ChaosClient(this, i, () -> nextNumber(end), new Sessions(this.fullHandshakes)),
					"chaos-client-" + i);
			client.start();
			clients.add(client);
		}
		return clients;
	}

	private static void join(List<Thread> clients) throws InterruptedException {
		for (Thread client : clients) {
			client.join();
		}
	}

	private long nextNumber(long end) {
		long number = this.next.getAndUpdate((next) -> (next < end) ? next + 1 : next);
		if (number >= end || this.stopping || this.failures.areEnough()) {
			return -1;
		}
		if (number % CONNECTIONS_PER_POLICY == CONNECTIONS_PER_POLICY - 1) {
			this.servers.forEach((server) -> server.policies().change());
		}
		showProgress();
		return number;
	}

	private void showProgress() {
		long last = this.lastProgress.get();
		long now = System.nanoTime();
		if (now - last > PROGRESS_NANOS && this.lastProgress.compareAndSet(last, now)) {
			logger.info(this);
		}
	}

	@Override
	public String toString() {
		return this.ledger + " events of " + this.next + " connections, " + this.fullHandshakes + " full handshakes";
	}

	@Override
	public void close() {
		this.servers.forEach(ChaosServer::close);
	}

}
