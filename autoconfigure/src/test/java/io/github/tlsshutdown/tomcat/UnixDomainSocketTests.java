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
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A connector that listens on a Unix domain socket has a path, and no port.
 */
class UnixDomainSocketTests {

	private static final Path PATH = Path.of(System.getProperty("java.io.tmpdir"), "tls-" + UUID.randomUUID());

	@AfterEach
	void delete() throws IOException {
		Files.deleteIfExists(PATH);
	}

	@Test
	void connectorIsNamedByItsPathAlone() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Listening.class });
				SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(PATH))) {
			socket.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()));
			String name = server.recorder().connector().getName();
			assertThat(name).startsWith("https-").endsWith(PATH.toString());
			assertThat(server.recorder().connector().getPort()).isEqualTo(-1);
			await().until(() -> !server.recorder().events().isEmpty());
			assertThat(server.recorder().events()).singleElement().satisfies((event) -> {
				assertThat(event.connector()).isEqualTo(name);
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.NO_HANDSHAKE);
				assertThat(event.remoteAddress()).isNull();
			});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@Bean
		TomcatConnectorCustomizer pathCustomizer() {
			return (connector) -> connector.setProperty("unixDomainSocketPath", PATH.toString());
		}

	}

}
