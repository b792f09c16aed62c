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

package io.github.tlsshutdown.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.engine.Decision;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the reactor does in one turn, counted in turns.
 */
class ReactorLoopTests {

	private static final int BUSY = 256;

	private final SSLContext context = TlsPeer.newContext();

	private final NioConnector connector = new NioConnector();

	private final EventRecorder recorder = new EventRecorder();

	@Test
	void arrivalsAreServedBetweenPeersThatSend() throws IOException {
		List<SocketChannel> sockets = new ArrayList<>();
		List<ConnectionShutdown> busy = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BUSY);
			ReactorLoop loop = new ReactorLoop(Selector.open(), System::nanoTime);
			configure(this.recorder);
			for (int i = 0; i < BUSY; i++) {
				SocketChannel peer = SocketChannel.open(server.getLocalAddress());
				sockets.add(peer);
				busy.add(shutdown(server.accept()));
			}
			busy.forEach(loop::add);
			loop.stop(Duration.ofMinutes(1));
			int turnsToRegister = BUSY / 64;
			for (int i = 0; i < turnsToRegister; i++) {
				loop.turn();
			}
			// All peers have something to read now
			sockets.forEach(ReactorLoopTests::sendByte);
			for (int i = 0; i < BUSY; i++) {
				loop.add(arrivalThatHasLeft(server));
			}
			loop.turn();
			// One turn of peers that send was enough for as many arrivals
			assertThat(this.recorder.counts()).isEqualTo(Map.of(TlsShutdownOutcome.UNCLEAN, (long) BUSY));
		}
		finally {
			busy.forEach(ConnectionShutdown::timeOut);
			for (SocketChannel socket : sockets) {
				socket.close();
			}
		}
	}

	@Test
	void loopGoesOnWhenTheListenerFails() throws IOException {
		configure((event) -> {
			this.recorder.onShutdown(event);
			throw new IllegalStateException("thrown by the test");
		});
		runWithSilentPeers(3, 1);
		assertThat(this.recorder.counts()).isEqualTo(Map.of(TlsShutdownOutcome.TIMED_OUT, 3L));
	}

	@Test
	void loopWhoseThreadIsInterruptedDoesNotRunInCircles() throws IOException {
		configure((event) -> {
			this.recorder.onShutdown(event);
			Thread.currentThread().interrupt();
		});
		assertThat(runWithSilentPeers(3, 200)).isLessThan(100);
		Thread.interrupted();
		assertThat(this.recorder.counts()).isEqualTo(Map.of(TlsShutdownOutcome.TIMED_OUT, 3L));
	}

	private void configure(TlsShutdownListener listener) {
		this.connector
			.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS, List.of(), List::of, () -> List.of(listener)));
	}

	/**
	 * Run until all peers that say nothing have been given up.
	 * @param peers how many peers
	 * @param millis how much longer the server waits for each than for the one before
	 * @return how many turns that takes
	 * @throws IOException if there are no sockets
	 */
	private int runWithSilentPeers(int peers, int millis) throws IOException {
		List<SocketChannel> sockets = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			ReactorLoop loop = new ReactorLoop(Selector.open(), System::nanoTime);
			for (int i = 1; i <= peers; i++) {
				sockets.add(SocketChannel.open(server.getLocalAddress()));
				loop.add(shutdown(server.accept(), Duration.ofMillis((long) i * millis)));
			}
			loop.stop(Duration.ofMinutes(1));
			int turns = 0;
			while (!loop.isIdle()) {
				loop.turn();
				turns++;
			}
			return turns;
		}
		finally {
			for (SocketChannel socket : sockets) {
				socket.close();
			}
		}
	}

	private ConnectionShutdown arrivalThatHasLeft(ServerSocketChannel server) {
		try (SocketChannel peer = SocketChannel.open(server.getLocalAddress())) {
			peer.shutdownOutput();
			return shutdown(server.accept());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ConnectionShutdown shutdown(SocketChannel socket) throws IOException {
		return shutdown(socket, Duration.ofSeconds(30));
	}

	private ConnectionShutdown shutdown(SocketChannel socket, Duration timeout) throws IOException {
		socket.configureBlocking(false);
		SSLEngine engine = this.context.createSSLEngine();
		engine.setUseClientMode(false);
		return new ConnectionShutdown(this.connector, new SocketTransport(socket, this.connector), engine,
				new Decision(
						TlsShutdownSettings.DEFAULTS.withPolicy(TlsShutdownPolicy.BIDIRECTIONAL).withTimeout(timeout),
						Decision.BY_PROPERTY),
				null, false);
	}

	private static void sendByte(SocketChannel peer) {
		try {
			peer.write(ByteBuffer.wrap(new byte[] { 22 }));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
