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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TlsPair;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that are interrupted when they close connections, as those of a server that
 * stops are, or that a listener interrupts.
 */
class InterruptedThreadTests {

	@AfterEach
	void clear() {
		Thread.interrupted();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void alertIsWrittenAndTheThreadIsLeftAsItWas(boolean interrupted) throws IOException {
		EventRecorder recorder = new EventRecorder();
		NioConnector connector = new NioConnector();
		connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS, List.of(), List::of,
				() -> List.of(recorder, (event) -> Thread.currentThread().interrupt())));
		try (ServerSocketChannel server = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				SocketChannel peer = SocketChannel.open(server.getLocalAddress());
				SocketChannel socket = server.accept()) {
			socket.configureBlocking(false);
			TlsPair pair = TlsPair.of("TLSv1.3");
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			connector.shutdown(new SocketTransport(socket, connector), pair.server(), null, null)
				.begin(BeforeClose.nothing(true), ByteBuffer.allocate(20_000), ByteBuffer.allocate(20_000).flip());
			assertThat(Thread.interrupted()).isEqualTo(interrupted);
			assertThat(recorder.events()).extracting(TlsShutdownEvent::outcome)
				.containsExactly(TlsShutdownOutcome.SENT);
			ByteBuffer received = ByteBuffer.allocate(1000);
			assertThat(peer.read(received)).isPositive();
			byte[] records = new byte[received.flip().remaining()];
			received.get(records);
			assertThat(TlsPair.decrypt(pair.client(), records).closeNotify()).isTrue();
		}
	}

}
