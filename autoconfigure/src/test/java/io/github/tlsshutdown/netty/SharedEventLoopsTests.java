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

package io.github.tlsshutdown.netty;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications of one JVM that share their event loops.
 */
class SharedEventLoopsTests {

	private static LoopResources loops;

	@BeforeEach
	void createLoops() {
		// Not io_uring, which Reactor Netty would prefer: loops that end can leave
		// sockets open
		loops = NettyTransportKind.EPOLL.loops();
	}

	@AfterEach
	void disposeOfLoops() {
		dispose();
	}

	@Test
	void serverThatStopsHarmsNoConnectionOfAnotherOne() throws IOException {
		try (TestServer other = start(Duration.ofSeconds(60));
				TlsPeer waiting = other.peerAfterBye();
				TlsPeer idle = TlsPeer.connect(other.port(), "TLSv1.3")) {
			idle.get("/hello");
			idle.readResponse("hello");
			for (int i = 0; i < 3; i++) {
				TestServer server = start(Duration.ofMillis(300));
				try (TlsPeer peer = server.peerAfterBye()) {
					server.context().close();
					assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
				}
				assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.TIMED_OUT, 1L));
			}
			assertThat(other.recorder().connector().getPending()).isOne();
			PolicyAssertions.assertServerEnds(other.recorder(), waiting, TlsShutdownPolicy.BIDIRECTIONAL);
			PolicyAssertions.assertAnswersPeer(other.recorder(), idle, TlsShutdownPolicy.BIDIRECTIONAL);
		}
	}

	@Test
	void connectionsAreToldOfOnceIfTheirEventLoopsEndFirst() throws IOException {
		TestServer server = start(Duration.ofSeconds(60));
		try (TlsPeer waiting = server.peerAfterBye(); TlsPeer idle = TlsPeer.connect(server.port(), "TLSv1.3")) {
			idle.get("/hello");
			idle.readResponse("hello");
			await().until(() -> server.recorder().connector().getPending() == 1);
			dispose();
			assertThat(idle.awaitFinOrReset()).isIn(End.FIN, End.RST);
			server.recorder().awaitTotal(2);
			assertThat(server.recorder().awaitEvent(waiting.localPort()).outcome())
				.isEqualTo(TlsShutdownOutcome.TIMED_OUT);
			TlsShutdownEvent event = server.recorder().awaitEvent(idle.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.RESET);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		}
		finally {
			server.close();
		}
		assertThat(server.recorder().connectors()).isEmpty();
		assertThat(server.recorder().events()).hasSize(2);
	}

	private static void dispose() {
		loops.onServer(true).shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private static TestServer start(Duration timeout) {
		return TestServer.start(new Class<?>[] { Shared.class }, "tls.shutdown.policy=bidirectional",
				"tls.shutdown.timeout=" + timeout.toMillis(), "tls.shutdown.max-wait=60s");
	}

	@Configuration(proxyBeanMethods = false)
	static class Shared {

		// Not the application's to dispose of
		@Bean(destroyMethod = "")
		LoopResources sharedLoops() {
			return loops;
		}

	}

}
