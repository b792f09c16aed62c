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
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Reactor Netty and the application close while the server stops gracefully, and
 * still handles a request of another connection.
 */
class GracefulStopTests {

	/** More than socket buffers take. */
	private static final int LARGE = 12_000_000;

	private final List<TlsPeer> peers = new ArrayList<>();

	private TestServer server;

	private Gate gate;

	private TlsPeer busy;

	private CompletableFuture<Void> stop;

	@AfterEach
	void leave() throws IOException {
		for (TlsPeer peer : this.peers) {
			peer.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "throws", "refuses" })
	void requestThatIsNotAnsweredEndsItsConnection(String way) throws Exception {
		start();
		TlsPeer fresh = connect();
		beginToStop();
		fresh.get("/" + way);
		assertNotAnswered(fresh);
		assertStopsAfterResponse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "throws", "refuses" })
	void requestThatIsNotAnsweredEndsItsConnectionWhoseHandshakeWasLate(String way) throws Exception {
		start();
		TlsPeer late = keep(TlsPeer.connectHolding(this.server.port(), "TLSv1.3", TlsPeer.newContext()));
		beginToStop();
		late.get("/" + way);
		assertNotAnswered(late);
		assertStopsAfterResponse();
	}

	@Test
	void requestThatIsRefusedLateEndsItsConnection() throws Exception {
		start();
		TlsPeer running = connect();
		running.get("/refuses-late");
		await().until(handling().asked::isDone);
		beginToStop();
		proceed();
		assertNotAnswered(running);
		assertStopsAfterResponse();
	}

	@Test
	void connectionEndsAfterAResponseThatSaysSoAlthoughAnotherRequestFollows() throws Exception {
		start();
		TlsPeer fresh = connect();
		beginToStop();
		fresh.send("GET /answers-late HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
				+ "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
		proceed();
		assertThat(fresh.awaitEnd()).isEqualTo(End.FIN);
		assertThat(fresh.receivedText()).endsWith("\r\n\r\nanswers-late");
		assertThat(fresh.sawCloseNotify()).isTrue();
		assertStopsAfterResponse();
	}

	/**
	 * While the stop waits for a request that may arrive, the timeout does not run yet.
	 */
	@Test
	void clientHasTheTimeoutToAnswerAfterTheStopHasWaitedForItsRequest() throws Exception {
		start("tls.shutdown.policy=bidirectional");
		TlsPeer fresh = connect();
		beginToStop();
		TlsShutdownConnector connector = this.server.recorder().connector();
		connector.setSettings(connector.getSettings().withTimeout(Duration.ofMillis(450)));
		this.gate.open();
		assertThat(fresh.awaitEnd()).isEqualTo(End.FIN);
		fresh.sendCloseNotify();
		assertThat(this.server.recorder().awaitEvent(fresh.localPort()).outcome())
			.isEqualTo(TlsShutdownOutcome.COMPLETED);
		this.stop.get(20, TimeUnit.SECONDS);
	}

	@Test
	void http2RequestThatIsNotCompleteIsAnsweredAndWaitedFor() throws Exception {
		start("server.http2.enabled=true");
		Http2Peer peer = connectHttp2();
		int stream = peer.post("/read");
		peer.send(Http2Peer.DATA, 0, stream, new byte[10]);
		await().until(() -> handling().requests.get() == 2);
		beginToStop();
		this.gate.open();
		this.busy.readResponse("length");
		peer.readGoAway();
		assertThat(this.stop).isNotDone();
		peer.send(Http2Peer.DATA, Http2Peer.END_STREAM, stream, new byte[10]);
		assertThat(peer.readResponse(stream)).isEqualTo("read".length());
		assertEnds(peer);
	}

	@Test
	void http2ResponseIsWrittenToItsEndAndWaitedFor() throws Exception {
		start("server.http2.enabled=true");
		Http2Peer peer = connectHttp2();
		int stream = peer.get("/hello?size=" + LARGE);
		peer.readSomeDataOf(stream);
		beginToStop();
		this.gate.open();
		this.busy.readResponse("length");
		assertThat(this.stop).isNotDone();
		assertThat(peer.readResponse(stream)).isEqualTo(LARGE);
		assertEnds(peer);
	}

	private void assertEnds(Http2Peer peer) throws Exception {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.goAways()).isNotEmpty().allSatisfy((goAway) -> assertThat(goAway.errorCode()).isZero());
		assertThat(peer.resetStreams()).isEmpty();
		assertThat(peer.tls().sawCloseNotify()).isTrue();
		this.stop.get(20, TimeUnit.SECONDS);
	}

	private Handling handling() {
		return this.server.context().getBean(Handling.class);
	}

	private void proceed() {
		await().until(handling().asked::isDone);
		handling().proceeding.complete(null);
	}

	private void assertNotAnswered(TlsPeer peer) throws IOException {
		assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
		assertThat(peer.receivedBytes()).isZero();
		assertThat(peer.sawCloseNotify()).isTrue();
	}

	// One connection is busy
	private void start(String... properties) throws IOException {
		this.server = TestServer.start(new Class<?>[] { Gate.configuration(), Handling.class }, properties);
		this.gate = this.server.context().getBean(Gate.class);
		this.busy = connect();
		this.busy.get("/gate/length");
		await().until(() -> this.gate.waiting() == 1);
	}

	private void beginToStop() throws IOException {
		TlsPeer idle = connect();
		idle.get("/hello");
		idle.readResponse("hello");
		int port = this.server.port();
		this.stop = CompletableFuture.runAsync(this.server::close);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		await().until(GracefulStopTests::isWaitingForRequests);
		await().until(() -> refuses(port));
	}

	// Reactor Netty has looked for them, and closed the other connections
	static boolean isWaitingForRequests() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().equals("netty-shutdown"))
			.flatMap((thread) -> Stream.of(thread.getValue()))
			.anyMatch((frame) -> frame.getMethodName().equals("blockingGet"));
	}

	private static boolean refuses(int port) {
		try (Socket socket = new Socket("localhost", port)) {
			return !socket.isConnected();
		}
		catch (IOException ex) {
			return true;
		}
	}

	// It has waited for nothing else
	private void assertStopsAfterResponse() throws Exception {
		assertThat(this.stop).isNotDone();
		this.gate.open();
		this.busy.readResponse("length");
		this.stop.get(20, TimeUnit.SECONDS);
	}

	// The server's message is the last of this handshake: it is complete on both sides
	private TlsPeer connect() throws IOException {
		return keep(TlsPeer.connect(this.server.port(), "TLSv1.2"));
	}

	private Http2Peer connectHttp2() throws IOException {
		Http2Peer peer = Http2Peer.connect(this.server.port(), "TLSv1.3", 65_536);
		keep(peer.tls());
		return peer;
	}

	private TlsPeer keep(TlsPeer peer) {
		this.peers.add(peer);
		return peer;
	}

	/**
	 * Ends connections instead of answering their requests, or takes its time.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Handling {

		private final AtomicInteger requests = new AtomicInteger();

		private final CompletableFuture<Void> asked = new CompletableFuture<>();

		private final CompletableFuture<Void> proceeding = new CompletableFuture<>();

		@Bean
		NettyServerCustomizer handlingCustomizer() {
			return (server) -> server.mapHandle(this::handle);
		}

		private Mono<Void> handle(Mono<Void> handler, Connection connection) {
			this.requests.incrementAndGet();
			Mono<Void> refusal = Mono.<Void>fromRunnable(connection::dispose).then(Mono.never());
			return switch (((HttpServerRequest) connection).uri()) {
				case "/throws" -> throw new IllegalStateException("by the test");
				case "/refuses" -> refusal;
				case "/refuses-late" -> late(refusal);
				case "/answers-late" -> late(handler);
				default -> handler;
			};
		}

		private Mono<Void> late(Mono<Void> handler) {
			return Mono.<Void>fromRunnable(() -> this.asked.complete(null))
				.then(Mono.fromFuture(this.proceeding, true))
				.then(handler);
		}

	}

}
