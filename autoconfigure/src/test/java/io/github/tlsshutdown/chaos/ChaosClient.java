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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Plays one script after the other, from an address of its own: so no other client is
 * given a port before this one's event for it has come. Connections on which all that is
 * left is a server's timeout are put aside.
 */
final class ChaosClient implements Runnable {

	private static final int MOST_PUT_ASIDE = 6;

	/** Less than servers wait that are patient. */
	private static final Duration TOO_LONG = Duration.ofSeconds(30);

	private final ChaosRun run;

	private final int number;

	private final LongSupplier numbers;

	private final Sessions sessions;

	private final Deque<ChaosConnection> putAside = new ArrayDeque<>();

	ChaosClient(ChaosRun run, int number, LongSupplier numbers, Sessions sessions) {
		this.run = run;
		this.number = number;
		this.numbers = numbers;
		this.sessions = sessions;
	}

	@Override
	public void run() {
		long number;
		try {
			while ((number = this.numbers.getAsLong()) >= 0) {
				play(this.run.generator().script(number));
				while (this.putAside.size() > MOST_PUT_ASIDE || isFirstPutAsideOver()) {
					finish(this.putAside.remove());
				}
			}
			while (!this.putAside.isEmpty()) {
				finish(this.putAside.remove());
			}
		}
		catch (Throwable ex) {
			this.run.failures().add("A client has failed", ex);
		}
	}

	private boolean isFirstPutAsideOver() {
		ChaosConnection first = this.putAside.peek();
		return first != null && first.entry().hasEnded();
	}

	private void play(Script script) throws IOException, InterruptedException {
		ChaosServer server = this.run.server(script);
		Socket socket = new Socket();
		socket.setReceiveBufferSize(65_536);
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(60_000);
		socket.bind(new InetSocketAddress(address(script), 0));
		InetSocketAddress local = (InetSocketAddress) socket.getLocalSocketAddress();
		Ledger.Entry entry = this.run.ledger().open(local, script, server.policies());
		try {
			socket.connect(server.address(), 60_000);
		}
		catch (IOException ex) {
			this.run.ledger().cancel(local);
			socket.close();
			fail(script, ex);
			return;
		}
		ChaosConnection connection = new ChaosConnection(script, socket, this.sessions,
				this.run.generator().contentOf(script), entry);
		try {
			script.behaviour().play(connection);
		}
		catch (Exception | AssertionError ex) {
			fail(script, ex);
			socket.close();
		}
		if (script.behaviour().needsImpatientServer()) {
			this.putAside.add(connection);
		}
		else {
			finish(connection);
		}
	}

	private boolean mayTakeLong(ChaosConnection connection) {
		Behaviour behaviour = connection.script().behaviour();
		boolean forgotten = this.run.isStopping() && connection.entry().event() == null
				&& TestServer.forgetsConnectionsWhenItStops();
		return behaviour.needsImpatientServer() || behaviour.mayBeNoticedLate() || forgotten;
	}

	private InetAddress address(Script script) throws IOException {
		// Half a million connections are more than one address has ports
		return InetAddress
			.getByAddress(new byte[] { 127, 0, (byte) ChaosServer.network(script.ruledPolicy()), (byte) this.number });
	}

	private void finish(ChaosConnection connection) throws IOException, InterruptedException {
		if (!connection.entry().awaitEnd()) {
			this.run.failures().add("No event: " + connection.script(), null);
		}
		else if (connection.age().compareTo(TOO_LONG) > 0 && !mayTakeLong(connection)) {
			this.run.failures()
				.add("Took " + connection.age() + ": " + connection.entry().event() + " of " + connection.script(),
						null);
		}
		String contradiction = connection.contradiction();
		if (contradiction != null) {
			this.run.failures().add(contradiction + " of " + connection.script(), null);
		}
		connection.socket().close();
	}

	private void fail(Script script, Throwable cause) {
		if (!this.run.isStopping()) {
			this.run.failures().add("Not played: " + script, cause);
		}
	}

}
