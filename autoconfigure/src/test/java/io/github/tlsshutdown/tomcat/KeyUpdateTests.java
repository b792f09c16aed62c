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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.context.WebApplicationContext;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.RecordPeer;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.WebSockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that ask for new keys while a thread of the application writes to them: what
 * the thread that reads has to answer must fit in between.
 */
class KeyUpdateTests {

	private static final int CONNECTIONS = 5;

	private static final int MESSAGES = 200;

	private static final int LENGTH = 20_000;

	@ParameterizedTest
	@ValueSource(strings = { "blocking", "gathering" })
	void messagesArriveWholeWhateverKeysTheClientAsksFor(String manner) throws Exception {
		try (TestServer server = start()) {
			for (int i = 0; i < CONNECTIONS; i++) {
				try (RecordPeer peer = connect(server)) {
					peer.send(WebSockets.text(manner));
					for (int number = 0; number < MESSAGES; number++) {
						assertThat(readMessage(peer)).isEqualTo(message(number));
						peer.sendKeyUpdate(true);
					}
					peer.sendCloseNotify();
					assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
						.isEqualTo(TlsShutdownOutcome.COMPLETED);
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "blocking", "gathering" })
	void keysThatAreAskedForWhileTheWriterIsBlockedAreGivenLater(String manner) throws Exception {
		try (TestServer server = start(SmallSendBuffer.class); RecordPeer peer = connect(server)) {
			peer.send(WebSockets.text(manner));
			int asked = 0;
			int number = 0;
			while (number < MESSAGES) {
				awaitBlockedWriter();
				for (int i = 0; i < 3; i++) {
					peer.sendKeyUpdate(true);
					peer.send(WebSockets.text("asked"));
					int expected = ++asked;
					await().until(() -> Source.latest.asked.get() == expected || Source.latest.failure.get() != null);
				}
				for (int i = 0; i < MESSAGES / 4; i++) {
					assertThat(readMessage(peer)).isEqualTo(message(number++));
				}
			}
			assertThat(Source.latest.failure).hasValue(null);
		}
	}

	@Test
	void peerThatAsksForeverAndReadsNothingIsGivenUp() throws Exception {
		try (TestServer server = start(SmallSendBuffer.class); RecordPeer peer = connect(server)) {
			peer.send(WebSockets.text("blocking"));
			awaitBlockedWriter();
			await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20)).until(() -> {
				// Until the server has closed, and only waits for it to read
				if (server.recorder().connector().getPending() == 0 && server.recorder().events().isEmpty()) {
					peer.sendKeyUpdate(true);
				}
				return !server.recorder().events().isEmpty();
			});
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
	}

	private static void awaitBlockedWriter() {
		AtomicInteger before = new AtomicInteger();
		await().pollInterval(Duration.ofMillis(200)).until(() -> {
			int sent = Source.latest.sent.get();
			return before.getAndSet(sent) == sent && sent > 0;
		});
	}

	private static ByteBuffer message(int number) {
		ByteBuffer message = ByteBuffer.allocate(LENGTH);
		while (message.hasRemaining()) {
			message.putInt(number);
		}
		return message.flip();
	}

	private static ByteBuffer readMessage(RecordPeer peer) throws IOException {
		byte[] header = peer.read(4);
		assertThat(header).startsWith(0x82, 126);
		assertThat(ByteBuffer.wrap(header).getShort(2)).isEqualTo((short) LENGTH);
		return ByteBuffer.wrap(peer.read(LENGTH));
	}

	private static RecordPeer connect(TestServer server) throws IOException {
		RecordPeer peer = RecordPeer.connect(server.port(), "TLSv1.3");
		peer.send(WebSockets.UPGRADE.getBytes(StandardCharsets.US_ASCII));
		StringBuilder response = new StringBuilder();
		while (response.indexOf("\r\n\r\n") == -1) {
			response.append(new String(peer.read(1), StandardCharsets.US_ASCII));
		}
		return peer;
	}

	private static TestServer start(Class<?>... configuration) throws DeploymentException {
		Source.latest = new Progress();
		TestServer server = TestServer.start(configuration);
		ServerContainer container = (ServerContainer) ((WebApplicationContext) server.context()).getServletContext()
			.getAttribute(ServerContainer.class.getName());
		container.addEndpoint(ServerEndpointConfig.Builder.create(Source.class, "/socket").build());
		return server;
	}

	/**
	 * Sends messages from a thread of its own.
	 */
	public static final class Source extends Endpoint {

		private static volatile Progress latest = new Progress();

		private final Progress progress = latest;

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.addMessageHandler(String.class, (MessageHandler.Whole<String>) (manner) -> {
				if (manner.equals("asked")) {
					this.progress.asked.incrementAndGet();
					return;
				}
				Thread thread = new Thread(() -> sendAll(session, manner), "source");
				thread.setDaemon(true);
				thread.start();
			});
		}

		@Override
		public void onError(Session session, Throwable cause) {
			this.progress.failure.compareAndSet(null, cause);
		}

		private void sendAll(Session session, String manner) {
			try {
				for (int number = 0; number < MESSAGES; number++) {
					if (manner.equals("blocking")) {
						session.getBasicRemote().sendBinary(message(number));
					}
					else {
						session.getAsyncRemote().sendBinary(message(number)).get();
					}
					this.progress.sent.incrementAndGet();
				}
			}
			catch (IOException | ExecutionException | InterruptedException ex) {
				this.progress.failure.compareAndSet(null, ex);
			}
		}

	}

	private static final class Progress {

		private final AtomicInteger asked = new AtomicInteger();

		private final AtomicInteger sent = new AtomicInteger();

		private final AtomicReference<Throwable> failure = new AtomicReference<>();

	}

}
