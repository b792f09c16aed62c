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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An HTTP/2 request that is read only after Reactor Netty has looked for requests to wait
 * for, and before it has sent GOAWAY.
 */
class GracefulStopHttp2Tests {

	private static final Duration POLL = Duration.ofMillis(10);

	@Test
	void requestThatIsReadLateIsAnswered() throws Exception {
		TestServer server = TestServer.start(new Class<?>[] { Gate.configuration(), LateReader.class },
				"server.http2.enabled=true");
		LateReader reader = server.context().getBean(LateReader.class);
		Gate gate = server.context().getBean(Gate.class);
		TlsShutdownServerCustomizer customizer = server.context().getBean(TlsShutdownServerCustomizer.class);
		try (Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0);
				TlsPeer busy = TlsPeer.connect(server.port(), "TLSv1.2")) {
			peer.readResponse(peer.get("/hello"));
			busy.get("/gate/length");
			await().until(() -> gate.waiting() == 1);
			// The server has read the peer's answer to its settings before this response
			peer.readResponse(peer.get("/hello"));
			reader.late = true;
			int stream = peer.get("/late");
			await().until(reader.reading::isDone);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
			await().until(GracefulStopTests::isWaitingForRequests);
			reader.read.complete(null);
			await().until(reader.asked::isDone);
			gate.open();
			busy.readResponse("length");
			await().pollInterval(POLL).until(() -> !customizer.isRunning());
			reader.answered.complete(null);
			assertThat(peer.readResponse(stream)).isEqualTo("late".length());
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.goAways()).isNotEmpty();
			assertThat(peer.tls().sawCloseNotify()).isTrue();
			stop.get(20, TimeUnit.SECONDS);
		}
	}

	/**
	 * Takes its time to read and to answer the last request.
	 */
	@Configuration(proxyBeanMethods = false)
	static class LateReader {

		private final CompletableFuture<Void> reading = new CompletableFuture<>();

		private final CompletableFuture<Void> read = new CompletableFuture<>();

		private final CompletableFuture<Void> asked = new CompletableFuture<>();

		private final CompletableFuture<Void> answered = new CompletableFuture<>();

		private volatile boolean late;

		@Bean
		NettyServerCustomizer lateCustomizer() {
			return (server) -> server.mapHandle(this::handle)
				.doOnChannelInit((observer, channel, address) -> channel.pipeline().addFirst(handler()));
		}

		private ChannelHandler handler() {
			return new ChannelInboundHandlerAdapter() {

				@Override
				public void channelRead(ChannelHandlerContext ctx, Object msg) {
					if (LateReader.this.late) {
						LateReader.this.reading.complete(null);
						LateReader.this.read.join();
					}
					ctx.fireChannelRead(msg);
				}

			};
		}

		private Mono<Void> handle(Mono<Void> handler, Connection connection) {
			if (((HttpServerRequest) connection).uri().equals("/late")) {
				this.asked.complete(null);
				return Mono.fromFuture(this.answered, true).then(handler);
			}
			return handler;
		}

	}

}
