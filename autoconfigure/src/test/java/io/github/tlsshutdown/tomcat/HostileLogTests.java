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
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What ten thousand peers that fail, in every way, and beans that throw for each of them
 * write into the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class HostileLogTests {

	private static final int CLIENTS = 4;

	private static final int OF_EACH_KIND = 1_250;

	private static final int MAX_PENDING = 10;

	private static final Pattern ENTRY = Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\dT\\S+ +(INFO|WARN|ERROR) .*");

	@Test
	@Timeout(600)
	void tenThousandFailingPeersWriteAHandfulOfLines(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start(new Class<?>[] { ThrowingBeans.class }, "logging.level.org=info",
				"logging.level.io=info", "tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s",
				"tls.shutdown.max-wait=60s", "tls.shutdown.max-discard=1B",
				"tls.shutdown.max-pending=" + MAX_PENDING)) {
			String start = output.getAll();
			assertThat(entries(start)).as("entries of the start are seen").isNotEmpty();
			// Not more of them at once than may wait
			all((context) -> hello(server, context).reset());
			all((context) -> {
				try (TlsPeer peer = hello(server, context)) {
					peer.sendBrokenRecord();
					peer.awaitFinOrReset();
				}
			});
			all((context) -> {
				try (TlsPeer peer = bye(server, context)) {
					peer.sendBrokenRecord();
					peer.awaitFinOrReset();
				}
			});
			all((context) -> {
				try (TlsPeer peer = bye(server, context)) {
					peer.send(new byte[2]);
					peer.awaitFinOrReset();
				}
			});
			all((context) -> bye(server, context).reset());
			all((context) -> send(server));
			all((context) -> send(server, "GET / HTTP/1.1\r\n\r\n".getBytes()));
			server.recorder().awaitTotal(7 * OF_EACH_KIND);
			List<TlsPeer> waiting = new ArrayList<>();
			for (int i = 0; i < MAX_PENDING; i++) {
				waiting.add(bye(server, TlsPeer.newContext()));
			}
			await().until(() -> server.recorder().connector().getPending() == MAX_PENDING);
			all((context) -> bye(server, context).close());
			await().until(() -> server.recorder().events().size() >= 8 * OF_EACH_KIND);
			for (TlsPeer peer : waiting) {
				peer.reset();
			}
			server.recorder().awaitTotal(8 * OF_EACH_KIND + MAX_PENDING);
			assertThat(server.recorder().counts())
				.hasEntrySatisfying(TlsShutdownOutcome.NO_HANDSHAKE,
						(count) -> assertThat(count).isEqualTo(2 * OF_EACH_KIND))
				.hasEntrySatisfying(TlsShutdownOutcome.OVERFLOW,
						(count) -> assertThat(count).isGreaterThanOrEqualTo(OF_EACH_KIND))
				.containsKeys(TlsShutdownOutcome.FAILED, TlsShutdownOutcome.RESET);
			String hostile = output.getAll().substring(start.length());
			assertThat(hostile).contains("TlsShutdownListener", "TlsShutdownPolicyResolver", "tls.shutdown.max-");
			// One of each kind a minute, whatever there is
			assertThat(entries(hostile)).hasSizeLessThan(40);
		}
	}

	private static List<String> entries(String output) {
		return ENTRY.matcher(output).results().map((result) -> result.group()).toList();
	}

	private static void all(Peer peer) throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<Void>> done = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				int count = OF_EACH_KIND / CLIENTS + ((i < OF_EACH_KIND % CLIENTS) ? 1 : 0);
				Callable<Void> client = () -> {
					SSLContext context = TlsPeer.newContext();
					for (int j = 0; j < count; j++) {
						peer.fail(context);
					}
					return null;
				};
				done.add(clients.submit(client));
			}
			for (Future<Void> each : done) {
				each.get();
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static TlsPeer hello(TestServer server, SSLContext context) throws IOException {
		return answered(server, context, "hello");
	}

	private static TlsPeer bye(TestServer server, SSLContext context) throws IOException {
		TlsPeer peer = answered(server, context, "bye");
		peer.awaitFinOrReset();
		return peer;
	}

	private static TlsPeer answered(TestServer server, SSLContext context, String path) throws IOException {
		TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", context, 0);
		peer.get("/" + path);
		peer.readResponse(path);
		return peer;
	}

	private static void send(TestServer server, byte... data) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.getOutputStream().write(data);
			socket.shutdownOutput();
			socket.getInputStream().readAllBytes();
		}
	}

	/**
	 * Connects, and fails.
	 */
	private interface Peer {

		void fail(SSLContext context) throws IOException;

	}

	@Configuration(proxyBeanMethods = false)
	static class ThrowingBeans {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		TlsShutdownListener throwingListener() {
			return (event) -> {
				throw new IllegalStateException("thrown by the test");
			};
		}

		@Bean
		TlsShutdownPolicyResolver throwingResolver() {
			return (connection) -> {
				throw new IllegalStateException("thrown by the test");
			};
		}

	}

}
