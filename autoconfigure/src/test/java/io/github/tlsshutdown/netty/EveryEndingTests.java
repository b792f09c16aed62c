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

import java.util.stream.Stream;

import io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EveryEndingByPolicy;
import io.github.tlsshutdown.testsupport.NettyTransportKind;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Every ending, under every policy and TLS version, with every transport and every engine
 * of Netty's: one event each, with the outcome the policy asks for.
 */
class EveryEndingTests {

	static Stream<Arguments> servers() {
		return Stream.of(NettyTransportKind.values())
			.flatMap((transport) -> Stream.of(SslProvider.JDK, SslProvider.OPENSSL)
				.flatMap((engine) -> Stream.of(TlsShutdownPolicy.values())
					.map((policy) -> Arguments.of(transport, engine, policy))));
	}

	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource("servers")
	void everyConnectionEndsByPolicyAndIsToldOfOnce(NettyTransportKind transport, SslProvider engine,
			TlsShutdownPolicy policy) throws Exception {
		transport.assumeAvailable();
		try (TestServer server = TestServer.start("test.transport=" + transport, "test.engine=" + engine,
				"tls.shutdown.policy=" + policy, "tls.shutdown.timeout=1s")) {
			EveryEndingByPolicy.check(server, policy);
		}
	}

}
