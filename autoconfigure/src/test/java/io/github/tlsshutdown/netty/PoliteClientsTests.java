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
import java.util.stream.Stream;

import io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.PoliteClients;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Clients that answer the server's close_notify when they have read all of it, as load
 * balancers do. Reactor Netty by itself resets many of them:
 * <a href="https://github.com/reactor/reactor-netty/issues/2839">reactor-netty#2839</a>.
 */
class PoliteClientsTests {

	static Stream<Arguments> servers() {
		return Stream.of(NettyTransportKind.values())
			.flatMap((transport) -> Stream.of(SslProvider.JDK, SslProvider.OPENSSL)
				.map((engine) -> Arguments.of(transport, engine)));
	}

	@ParameterizedTest
	@MethodSource("servers")
	void noneOfThemIsReset(NettyTransportKind transport, SslProvider engine) throws IOException {
		transport.assumeAvailable();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "test.transport=" + transport,
				"test.engine=" + engine)) {
			PoliteClients.assertNoneIsReset(server);
		}
	}

}
