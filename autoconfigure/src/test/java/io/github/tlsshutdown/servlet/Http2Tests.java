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

package io.github.tlsshutdown.servlet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.ServerUnderTest;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.TlsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * HTTP/2 over ALPN: what becomes of the connection after GOAWAY, and of the streams.
 */
class Http2Tests {

	private static final String HTTP2 = "server.http2.enabled=true";

	private static final int STREAMS = 6;

	private static final int STREAM_SIZE = 100_000;

	/** More than socket buffers take. */
	private static final int UPLOAD = 12_000_000;

	private static final int FRAME = 16_384;

	@ParameterizedTest
	@CsvSource({ "UNIDIRECTIONAL, TLSv1.2", "UNIDIRECTIONAL, TLSv1.3", "BIDIRECTIONAL, TLSv1.2",
			"BIDIRECTIONAL, TLSv1.3", "QUIET, TLSv1.2", "QUIET, TLSv1.3" })
	void clientThatLeavesIsAnsweredByPolicy(TlsShutdownPolicy policy, String protocol) throws IOException {
		try (TestServer server = start(policy); Http2Peer peer = Http2Peer.connect(server.port(), protocol, 0)) {
			assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
			TlsShutdownEvent event = PolicyAssertions.assertAnswersPeer(server.recorder(), peer.tls(), policy);
			assertThat(event.protocol()).isEqualTo(protocol);
		}
	}

	@ParameterizedTest
	@CsvSource({ "BOUNCY_CASTLE, TLSv1.2", "BOUNCY_CASTLE, TLSv1.3", "CONSCRYPT, TLSv1.2", "CONSCRYPT, TLSv1.3" })
	void everyProviderNegotiatesHttp2AndEndsByPolicy(TlsProvider provider, String protocol) throws IOException {
		Assumptions.assumeTrue(ServerUnderTest.current() != ServerUnderTest.JETTY,
				"Has a module of its own for each provider's ALPN");
		try (TestServer server = TestServer.start(new Class<?>[] { provider.configuration() }, HTTP2)) {
			try (Http2Peer peer = Http2Peer.connect(server.port(), protocol, 0)) {
				assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
				PolicyAssertions.assertAnswersPeer(server.recorder(), peer.tls(), TlsShutdownPolicy.UNIDIRECTIONAL);
			}
			try (Http2Peer peer = Http2Peer.connect(server.port(), protocol, 0)) {
				assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
				peer.sendGoAway();
				assertServerEnds(server, peer, TlsShutdownPolicy.UNIDIRECTIONAL);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatSaysGoAwayHasItsConnectionEndedByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy); Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			assertThat(peer.readResponse(peer.get("/hello?size=1000"))).isEqualTo(1000);
			peer.sendGoAway();
			assertServerEnds(server, peer, policy);
		}
	}

	/**
	 * Nothing is waited for that the client may still send: it has no request open.
	 */
	@ParameterizedTest
	@EnumSource
	void clientMayLeaveBeforeTheApplicationHasReturned(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Late.class }, HTTP2, "tls.shutdown.policy=" + policy,
				"tls.shutdown.timeout=30s"); Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			LateServlet servlet = (LateServlet) server.context()
				.getBean("late", ServletRegistrationBean.class)
				.getServlet();
			try {
				assertThat(peer.readResponse(peer.get("/late"))).isEqualTo(1000);
				peer.sendGoAway();
				assertServerEnds(server, peer, policy);
				assertThat(servlet.returned).isFalse();
			}
			finally {
				servlet.leave.countDown();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void serverThatIsTiredOfWaitingSaysGoAwayAndEndsByPolicy(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy, "server.tomcat.keep-alive-timeout=2s",
				"server.jetty.connection-idle-timeout=2s");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			int stream = peer.get("/hello?size=1000");
			assertThat(peer.readResponse(stream)).isEqualTo(1000);
			assertServerEnds(server, peer, policy);
			assertThat(peer.goAways()).extracting(Http2Peer.GoAway::lastStream).containsExactly(stream);
		}
	}

	@ParameterizedTest
	@EnumSource
	void serverThatStopsFinishesItsStreamsSaysGoAwayAndEndsByPolicy(TlsShutdownPolicy policy) throws Exception {
		int size = 8_000_000;
		try (TestServer server = start(policy); Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 4096)) {
			int stream = peer.get("/hello?size=" + size);
			peer.readSomeDataOf(stream);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server.context()::close);
			// Not before the server has begun to stop: the stream must not end first
			await().until(Http2Tests::isStopping);
			peer.readGoAway();
			if (ServerUnderTest.current() != ServerUnderTest.JETTY) {
				// Writes all it has been given first
				assertThat(peer.dataOf(stream)).isLessThan(size);
			}
			assertThat(peer.readResponse(stream)).isEqualTo(size);
			assertServerEnds(server, peer, policy);
			assertThat(peer.resetStreams()).isEmpty();
			stop.get();
		}
	}

	@Test
	void bidirectionalLosesNothingOfStreamsToClientThatGoesOnSending() throws IOException {
		try (TestServer server = start(TlsShutdownPolicy.BIDIRECTIONAL);
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 65_536)) {
			List<Integer> streams = askAndLeave(server, peer);
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.endedStreams()).containsExactlyInAnyOrderElementsOf(streams);
			assertThat(streams).allSatisfy((stream) -> assertThat(peer.dataOf(stream)).isEqualTo(STREAM_SIZE));
			assertThat(peer.isAtEndOfFrame()).isTrue();
			assertThat(peer.tls().sawCloseNotify()).isTrue();
			peer.tls().sendCloseNotify();
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.tls().localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
			assertThat(event.discardedBytes()).isPositive();
		}
		// The test can fail: without the starter it does
		try (TestServer server = TestServer.start(HTTP2, "tls.shutdown.enabled=false");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 65_536)) {
			try {
				askAndLeave(server, peer);
			}
			catch (IOException ex) {
				// It has been reset already
			}
			peer.awaitEnd();
			assertThat(peer.endedStreams()).hasSizeLessThan(STREAMS);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientOfTheJdkGetsEveryResponseWhole(TlsShutdownPolicy policy) {
		int requests = 20;
		try (TestServer server = start(policy)) {
			HttpClient client = HttpClient.newBuilder()
				.sslContext(TlsPeer.newContext())
				.version(HttpClient.Version.HTTP_2)
				.build();
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("https://localhost:" + server.port() + "/hello?size=" + STREAM_SIZE))
				.build();
			client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).join();
			List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
			for (int i = 0; i < requests; i++) {
				responses.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
			}
			assertThat(responses).allSatisfy((response) -> {
				assertThat(response.join().version()).isEqualTo(HttpClient.Version.HTTP_2);
				assertThat(response.join().body()).hasSize(STREAM_SIZE);
			});
			server.context().close();
			// It sends close_notify when it gets one, or a GOAWAY
			server.recorder().awaitTotal(1);
			assertThat(server.recorder().counts()).hasSize(1)
				.doesNotContainKeys(TlsShutdownOutcome.TIMED_OUT, TlsShutdownOutcome.FAILED,
						TlsShutdownOutcome.NO_HANDSHAKE);
		}
	}

	// Ask for more than the client's buffer takes, read none of it, have the server close
	// the connection, and go on sending
	private static List<Integer> askAndLeave(TestServer server, Http2Peer peer) throws IOException {
		List<Integer> streams = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			streams.add(peer.get("/hello?size=" + STREAM_SIZE));
		}
		server.awaitServed(STREAMS);
		peer.sendGoAway();
		await().until(() -> server.openConnections() == 0);
		for (int sent = 0; sent < UPLOAD; sent += FRAME) {
			peer.send(Http2Peer.DATA, 0, streams.get(0), new byte[FRAME]);
		}
		return streams;
	}

	private static void assertServerEnds(TestServer server, Http2Peer peer, TlsShutdownPolicy policy)
			throws IOException {
		PolicyAssertions.assertServerEnds(server.recorder(), peer.tls(), policy);
		peer.awaitEnd();
		assertThat(peer.isAtEndOfFrame()).isTrue();
	}

	private static boolean isStopping() {
		return ServerUnderTest.current() != ServerUnderTest.TOMCAT || Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().equals("tomcat-shutdown"));
	}

	private static TestServer start(TlsShutdownPolicy policy, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add(HTTP2);
		all.add("tls.shutdown.policy=" + policy);
		all.add("tls.shutdown.timeout=20s");
		return TestServer.start(all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Late {

		@Bean
		ServletRegistrationBean<LateServlet> late() {
			return new ServletRegistrationBean<>(new LateServlet(), "/late");
		}

	}

	/**
	 * Answers whole, and goes on for a while.
	 */
	@SuppressWarnings("serial")
	static class LateServlet extends HttpServlet {

		final CountDownLatch leave = new CountDownLatch(1);

		volatile boolean returned;

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.getOutputStream().write(new byte[1000]);
			response.getOutputStream().close();
			try {
				this.leave.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.returned = true;
		}

	}

}
