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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.NioChannel;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An HTTP/2 client that does not read when the server begins to stop.
 */
class StalledHttp2Tests {

	/** So many that some come after the client that does not read. */
	private static final int IDLE = 20;

	private final List<TlsPeer> idle = new ArrayList<>();

	@Test
	void idleConnectionsOfOthersEndAtOnce() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { OneChannel.class, SmallSendBuffer.class },
				"server.http2.enabled=true");
		// Longer than the others wait for their end
		((Http2Protocol) server.connector().findUpgradeProtocols()[0]).setWriteTimeout(60_000);
		try (Http2Peer stalled = Http2Peer.connect(server.port(), "TLSv1.3", 4096)) {
			stalled.get("/hello?size=20000000");
			NioChannel channel = ((OpenChannelProtocol) server.connector().getProtocolHandler()).onlyChannel();
			await().during(Duration.ofMillis(500)).until(() -> channel.getOutboundRemaining() > 0);
			connectOthers(server.port());
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			for (TlsPeer peer : this.idle) {
				assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			}
			assertThat(stop).isNotDone();
			stalled.readGoAway();
			stalled.tls().close();
			stop.get(20, TimeUnit.SECONDS);
		}
		finally {
			for (TlsPeer peer : this.idle) {
				peer.close();
			}
		}
	}

	private void connectOthers(int port) throws IOException {
		for (int i = 0; i < IDLE; i++) {
			TlsPeer peer = TlsPeer.connect(port, "TLSv1.3");
			this.idle.add(peer);
			peer.get("/hello");
			peer.readResponse("hello");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class OneChannel {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> protocol() {
			return (factory) -> factory.setProtocol(OpenChannelProtocol.class.getName());
		}

	}

}
