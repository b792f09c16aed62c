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

import io.netty.handler.timeout.WriteTimeoutHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.contract.LimitsContract;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.RecordPeer;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a peer can make the server hold, and for how long.
 */
class LimitsTests extends LimitsContract {

	@ParameterizedTest
	@ValueSource(strings = { "JDK", "OPENSSL" })
	void peerThatSendsMoreThanMaxDiscardIsClosed(String engine) throws IOException {
		assertMaxDiscard("test.engine=" + engine);
	}

	@ParameterizedTest
	@EnumSource
	void peerThatTakesAllOfAResponseSlowlyGetsIt(TlsShutdownPolicy policy) throws IOException {
		// The last write is complete for Reactor Netty only then: what is slow here is
		// the client whose close_notify has come first
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=1s", "tls.shutdown.max-wait=60s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096)) {
			int size = 400_000;
			peer.get("/hello?size=" + size);
			peer.readAtLeast(1);
			peer.sendCloseNotify();
			for (int received = 50_000; received < size; received += 50_000) {
				int least = received;
				// Slower than the timeout in all, and never silent for so long
				await().pollDelay(Duration.ofMillis(400)).until(() -> true);
				peer.readAtLeast(least);
			}
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedBytes()).isGreaterThan(size);
			assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(
					(policy == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET : TlsShutdownOutcome.COMPLETED);
			assertThat(event.duration()).isGreaterThan(Duration.ofSeconds(1));
		}
	}

	@ParameterizedTest
	@EnumSource
	void peerThatTakesNothingMoreTimesOut(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=1s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096)) {
			peer.get("/hello?size=20000000");
			peer.readAtLeast(1);
			peer.sendCloseNotify();
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.TIMED_OUT);
			assertThat(event.closeNotifySent()).isFalse();
			assertThat(event.duration()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
		}
	}

	@ParameterizedTest
	@EnumSource
	void responseThatIsNeverReadIsBoundByAWriteTimeout(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class, WriteTimeout.class },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=1s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096)) {
			peer.get("/bye?size=20000000");
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.ABORTED);
			assertThat(event.closeNotifySent()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void http2ResponseThatIsNeverReadIsBoundByAWriteTimeout(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class, WriteTimeout.class },
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=1s", "server.http2.enabled=true");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 4096)) {
			peer.get("/hello?size=20000000");
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.tls().localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.ABORTED);
			assertThat(event.closeNotifySent()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "JDK", "OPENSSL" })
	void recordsWithoutDataAreEndedBeforeTheyCostMuch(String engine) throws IOException {
		assertRecordsWithoutDataEnded("test.engine=" + engine);
	}

	/**
	 * An OpenSSL engine reads several records at once, and does not tell how many: those
	 * without data are then not counted.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "JDK", "OPENSSL" })
	void recordsWithoutDataBetweenDataAreBoundByMaxWait(String engine) throws IOException {
		try (TestServer server = TestServer.start("test.engine=" + engine, "tls.shutdown.policy=bidirectional",
				"tls.shutdown.max-wait=4s"); RecordPeer peer = RecordPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.awaitFin();
			try {
				for (int i = 0; i < 3000; i++) {
					peer.sendKeyUpdate(false);
					peer.send(new byte[1]);
				}
			}
			catch (IOException ex) {
				assertThat(ex).hasMessageNotContaining("timed out");
			}
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.duration()).isLessThan(Duration.ofSeconds(10));
			if (engine.equals("JDK")) {
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			}
			else {
				assertThat(event.outcome()).isIn(TlsShutdownOutcome.FAILED, TlsShutdownOutcome.TIMED_OUT);
			}
		}
	}

	/**
	 * What the documentation says.
	 */
	@Configuration(proxyBeanMethods = false)
	static class WriteTimeout {

		@Bean
		NettyServerCustomizer writeTimeout() {
			return (server) -> server.doOnChannelInit((observer, channel, remoteAddress) -> channel.pipeline()
				.addAfter(NettyPipeline.SslHandler, "writeTimeout", new WriteTimeoutHandler(1)));
		}

	}

}
