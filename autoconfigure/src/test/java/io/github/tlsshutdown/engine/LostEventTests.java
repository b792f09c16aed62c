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

package io.github.tlsshutdown.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.testsupport.TlsPair;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is thrown at a shutdown, by the engine or the transport, and at whichever
 * call: the connection is closed, counted and reported once.
 */
class LostEventTests {

	@ParameterizedTest
	@EnumSource
	void connectionIsReportedOnceWhereverAnExceptionIsThrown(TlsShutdownPolicy policy) {
		assertReportedOnce(policy, false);
	}

	@ParameterizedTest
	@EnumSource
	void connectionIsReportedOnceWhereverAnErrorIsThrown(TlsShutdownPolicy policy) {
		assertReportedOnce(policy, true);
	}

	private static void assertReportedOnce(TlsShutdownPolicy policy, boolean error) {
		int calls = 0;
		boolean sprung;
		do {
			Trap trap = new Trap(++calls, error);
			List<TlsShutdownEvent> events = new ArrayList<>();
			ServerConnector connector = new ServerConnector();
			connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS.withPolicy(policy), List.of(), List::of,
					() -> List.of(events::add)));
			TlsPair pair = TlsPair.of("TLSv1.3");
			Socket socket = new Socket(pair.client());
			ConnectionShutdown shutdown = connector.shutdown(socket.trapped(trap),
					new TrappedEngine(pair.server(), trap), null, null);
			shutdown.begin(BeforeClose.nothing(true), ByteBuffer.allocate(20_000), ByteBuffer.allocate(20_000).flip());
			while (!shutdown.isEnded()) {
				advance(shutdown);
			}
			assertThat(events).as("call %d", calls).hasSize(1);
			assertThat(connector.getPending()).as("call %d", calls).isZero();
			sprung = trap.sprung;
			assertThat(socket.closed || sprung).as("call %d", calls).isTrue();
		}
		while (sprung);
		assertThat(calls).isGreaterThan(10);
	}

	// As who waits does
	private static void advance(ConnectionShutdown shutdown) {
		try {
			shutdown.advance(new PeerReader());
		}
		catch (RuntimeException | Error ex) {
			shutdown.endOnInternalError(ex);
		}
	}

	private static final class Trap implements Runnable {

		private final boolean error;

		private int callsLeft;

		private boolean sprung;

		Trap(int call, boolean error) {
			this.callsLeft = call;
			this.error = error;
		}

		@Override
		public void run() {
			if (--this.callsLeft == 0) {
				this.sprung = true;
				if (this.error) {
					throw new NoClassDefFoundError("thrown by the test");
				}
				throw new IllegalStateException("thrown by the test");
			}
		}

	}

	/**
	 * A socket whose peer answers the alert.
	 */
	private static final class Socket extends PassiveTransport {

		private final SSLEngine peer;

		private int reads;

		private boolean closed;

		Socket(SSLEngine peer) {
			this.peer = peer;
		}

		Transport trapped(Trap trap) {
			return (Transport) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Transport.class },
					(proxy, method, arguments) -> {
						trap.run();
						try {
							return method.invoke(this, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		@Override
		public int read(ByteBuffer target) {
			if (++this.reads != 2) {
				return 0;
			}
			byte[] alert = TlsPair.closeNotify(this.peer);
			target.put(alert);
			return alert.length;
		}

		@Override
		public void close() {
			this.closed = true;
		}

		@Override
		public void release(SSLEngine engine) throws SSLException {
			Alerts.release(engine);
		}

	}

}
