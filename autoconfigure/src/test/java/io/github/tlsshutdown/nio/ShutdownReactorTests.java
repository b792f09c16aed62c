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
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.engine.Decision;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TlsPair;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A reactor that cannot run.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownReactorTests {

	@Test
	void reactorWithoutThreadEndsConnectionsAndDoesNotBlameALimit(CapturedOutput output) throws IOException {
		EventRecorder recorder = new EventRecorder();
		NioConnector connector = new NioConnector();
		connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS.withMaxPending(10), List.of(), List::of,
				() -> List.of(recorder)));
		connector.started("https-no-thread", 1, -1, new ShutdownReactor(SelectorProvider.provider(), (loop) -> {
			throw new OutOfMemoryError("unable to create native thread");
		}, System::nanoTime));
		try (ServerSocketChannel server = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				SocketChannel peer = SocketChannel.open(server.getLocalAddress());
				SocketChannel socket = server.accept()) {
			socket.configureBlocking(false);
			new ConnectionShutdown(connector, new SocketTransport(socket, connector), TlsPair.of("TLSv1.3").server(),
					new Decision(connector.getSettings().withPolicy(TlsShutdownPolicy.BIDIRECTIONAL),
							Decision.BY_PROPERTY),
					null, false)
				.begin(BeforeClose.nothing(true), ByteBuffer.allocate(20_000), ByteBuffer.allocate(20_000).flip());
			assertThat(peer.isConnected()).isTrue();
			assertThat(socket.isOpen()).isFalse();
		}
		assertThat(recorder.events()).extracting(TlsShutdownEvent::outcome)
			.containsExactly(TlsShutdownOutcome.OVERFLOW);
		assertThat(connector.getPending()).isZero();
		assertThat(output).contains("could not be created").doesNotContain("max-pending");
	}

}
