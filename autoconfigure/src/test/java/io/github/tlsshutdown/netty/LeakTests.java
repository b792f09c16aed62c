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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCounted;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.PeerEnding;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Buffers and engines, which nobody but us gives back once a connection was taken over.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeakTests {

	private static final Collection<SSLEngine> engines = new ConcurrentLinkedQueue<>();

	private Level level;

	@BeforeEach
	void watchForLeaks() {
		this.level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(Level.PARANOID);
		engines.clear();
	}

	@AfterEach
	void doNotWatchAnyMore() {
		ResourceLeakDetector.setLevel(this.level);
	}

	static Stream<Arguments> servers() {
		return Stream.of(NettyTransportKind.values())
			.flatMap((transport) -> Stream.of(SslProvider.JDK, SslProvider.OPENSSL)
				.flatMap((engine) -> Stream.of(TlsShutdownPolicy.values())
					.map((policy) -> Arguments.of(transport, engine, policy))));
	}

	@ParameterizedTest
	@MethodSource("servers")
	void nothingIsLeftOfAnyEnding(NettyTransportKind transport, SslProvider provider, TlsShutdownPolicy policy,
			CapturedOutput output) throws Exception {
		transport.assumeAvailable();
		List<TlsPeer> open = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { Engines.class }, "test.transport=" + transport,
				"test.engine=" + provider, "tls.shutdown.policy=" + policy, "tls.shutdown.timeout=300ms")) {
			int count = 0;
			for (int round = 0; round < 5; round++) {
				for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
					for (PeerEnding ending : PeerEnding.values()) {
						try {
							ending.play(server.port(), protocol, TlsPeer.newContext(), open);
						}
						catch (IOException ex) {
							// The server may be gone already when the peer comes to its
							// turn
						}
						count++;
					}
				}
			}
			server.recorder().awaitTotal(count);
		}
		finally {
			for (TlsPeer peer : open) {
				peer.close();
			}
		}
		await().untilAsserted(() -> assertThat(engines).isNotEmpty()
			.allMatch((engine) -> !(engine instanceof ReferenceCounted counted) || counted.refCnt() == 0));
		reportLeaks();
		assertThat(output).doesNotContain("LEAK");
	}

	@Test
	void leakIsReported(CapturedOutput output) {
		ByteBufAllocator.DEFAULT.buffer(100);
		await().untilAsserted(() -> {
			reportLeaks();
			assertThat(output).contains("LEAK");
		});
	}

	private static void reportLeaks() {
		// Reported by whoever allocates a buffer after the garbage was collected
		System.gc();
		for (int i = 0; i < 100; i++) {
			ByteBufAllocator.DEFAULT.buffer(100).release();
		}
	}

	/**
	 * Remembers the engines.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Engines {

		@Bean
		NettyServerCustomizer engineRecorder() {
			return (server) -> server.doOnChannelInit(
					(observer, channel, address) -> engines.add(channel.pipeline().get(SslHandler.class).engine()));
		}

	}

}
