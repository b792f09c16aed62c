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

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.tomcat.util.net.NioChannel;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What a listener may wait for.
 */
class ListenerTests {

	@Test
	void listenerMayWaitForThreadThatWritesToTheConnection() throws Exception {
		try (TestServer server = TestServer.start(new Class<?>[] { WaitingListenerConfiguration.class });
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			WaitingListener listener = server.context().getBean(WaitingListener.class);
			listener.channel.set(((OpenChannelProtocol) server.connector().getProtocolHandler()).onlyChannel());
			peer.sendCloseNotify();
			server.recorder().awaitEvent(peer.localPort());
			assertThat(listener.writerHasLeft).isTrue();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class WaitingListenerConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WaitingListener waitingListener() {
			return new WaitingListener();
		}

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> protocol() {
			return (factory) -> factory.setProtocol(OpenChannelProtocol.class.getName());
		}

	}

	/**
	 * Waits until a thread that writes to the connection has been told that it is closed,
	 * as if that thread held a lock.
	 */
	private static final class WaitingListener implements TlsShutdownListener {

		private final AtomicReference<NioChannel> channel = new AtomicReference<>();

		private final AtomicBoolean writerHasLeft = new AtomicBoolean();

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			Thread writer = new Thread(
					() -> assertThatIOException().isThrownBy(() -> this.channel.get().write(ByteBuffer.allocate(10))));
			writer.setDaemon(true);
			writer.start();
			try {
				writer.join(20_000);
				this.writerHasLeft.set(!writer.isAlive());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
