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

package io.github.tlsshutdown.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.test.TlsShutdownEvents;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How connections to the sample application end, tested as any application can test it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleConnectionsTests {

	@TempDir
	private static Path directory;

	@LocalServerPort
	private int port;

	@Autowired
	private TlsShutdownEvents events;

	@Autowired
	private DemoTrust trust;

	@DynamicPropertySource
	static void certificate(DynamicPropertyRegistry registry) {
		Path keyStore = directory.resolve("development.p12");
		new DevelopmentCertificate(keyStore).createIfNeeded();
		registry.add("spring.ssl.bundle.jks.development.keystore.location", () -> "file:" + keyStore);
	}

	@BeforeEach
	void forget() {
		this.events.clear();
	}

	@Test
	void clientThatAnswersCompletes() throws IOException {
		try (TlsClient client = connect()) {
			client.request("GET", "/bye");
			client.readResponse();
			client.readEnd();
			client.sendCloseNotify();
		}
		TlsShutdownEvent end = this.events.awaitNext();
		assertThat(end.outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
		assertThat(end.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(end.decidedBy()).isEqualTo("property");
	}

	@Test
	void uploadThatIsRefusedLosesNothing() throws IOException {
		try (TlsClient client = connect()) {
			client.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n");
			for (int sent = 0; sent < 10_000_000; sent += 10_000) {
				client.send(ByteBuffer.allocate(10_000));
			}
			assertThat(client.readResponse().status()).isEqualTo(413);
			client.readEnd();
			client.sendCloseNotify();
		}
		TlsShutdownEvent end = this.events.awaitNext();
		assertThat(end.unread()).isEqualTo(TlsShutdownUnread.DRAINED);
		assertThat(end.mayHaveLost()).isFalse();
	}

	private TlsClient connect() throws IOException {
		return TlsClient.handshake(new Socket(InetAddress.getLoopbackAddress(), this.port), this.trust.context(),
				"TLSv1.3");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		TlsShutdownEvents tlsShutdownEvents() {
			return new TlsShutdownEvents();
		}

	}

}
