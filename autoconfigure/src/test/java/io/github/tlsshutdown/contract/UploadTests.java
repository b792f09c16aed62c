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

package io.github.tlsshutdown.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that are refused while they are still uploading, and read only when they have
 * sent everything.
 */
class UploadTests {

	private static final int UPLOAD = 30_000_000;

	private static final int CHUNK = 100_000;

	@ParameterizedTest
	@ValueSource(ints = { 100_000, 400_000 })
	void bidirectionalDeliversEveryResponseWhole(int size) throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=20s")) {
			for (int i = 0; i < 20; i++) {
				assertThat(upload(server, size, Duration.ZERO)).isTrue();
			}
			server.recorder().awaitTotal(20);
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.COMPLETED);
		}
		// The test can fail: without the starter it does
		try (TestServer server = TestServer.start("tls.shutdown.enabled=false")) {
			for (int i = 0; i < 5; i++) {
				assertThat(upload(server, size, Duration.ZERO)).isFalse();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
	void bidirectionalDeliversEveryResponseWholeWithEveryProvider(TlsProvider provider) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { provider.configuration() },
				"tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=20s")) {
			for (int i = 0; i < 5; i++) {
				assertThat(upload(server, 400_000, Duration.ZERO)).isTrue();
			}
			server.recorder().awaitTotal(5);
			assertThat(server.recorder().counts()).containsOnlyKeys(
					provider.readsAfterCloseNotify() ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.SENT);
		}
	}

	@Test
	void bidirectionalWithDefaultTimesDeliversToUploadOfSixSeconds() throws Exception {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional")) {
			Callable<Boolean> upload = () -> upload(server, 400_000, Duration.ofSeconds(6));
			ExecutorService clients = Executors.newFixedThreadPool(3);
			try {
				List<Future<Boolean>> delivered = new ArrayList<>(clients.invokeAll(List.of(upload, upload, upload)));
				for (Future<Boolean> each : delivered) {
					assertThat(each.get()).isTrue();
				}
			}
			finally {
				clients.shutdownNow();
			}
			assertThat(server.recorder().events())
				.allSatisfy((event) -> assertThat(event.duration()).isGreaterThan(Duration.ofSeconds(3)));
		}
	}

	private static boolean upload(TestServer server, int responseSize, Duration duration) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			try {
				peer.send("POST /reject?size=" + responseSize + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
						+ UPLOAD + "\r\n\r\n");
				byte[] chunk = new byte[CHUNK];
				long start = System.nanoTime();
				int chunks = UPLOAD / CHUNK;
				for (int i = 0; i < chunks; i++) {
					peer.send(chunk);
					keepPace(start + duration.toNanos() * (i + 1) / chunks);
				}
				peer.awaitEnd();
			}
			catch (IOException ex) {
				return false;
			}
			if (peer.sawCloseNotify()) {
				peer.sendCloseNotify();
				String text = peer.receivedText();
				assertThat(text).startsWith("HTTP/1.1 413");
				assertThat(text.substring(text.indexOf("\r\n\r\n") + 4)).hasSize(responseSize).matches("x*");
			}
			return peer.sawCloseNotify();
		}
	}

	private static void keepPace(long until) {
		long left;
		while ((left = until - System.nanoTime()) > 0) {
			LockSupport.parkNanos(left);
		}
	}

}
