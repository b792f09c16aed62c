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
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.testsupport.Upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Answers to clients that are still sending when the server closes, where Tomcat itself
 * refuses a body, and over HTTP/2.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LingerTests {

	private static final int UPLOAD = 30_000_000;

	private static final int CHUNK = 100_000;

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private TestServer server;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { Configured.class, FullApplication.class },
				FullApplication.PATH_PROPERTY, "server.http2.enabled=true", "tls.shutdown.timeout=20s",
				"spring.servlet.multipart.max-file-size=1KB", "server.tomcat.keep-alive-timeout=1s",
				Upload.MAX_SWALLOW_SIZE);
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> PROTOCOLS.stream().map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void answerToFileThatIsTooLargeArrivesWhole(TlsShutdownPolicy policy, String protocol) throws IOException {
		try (TlsPeer peer = connect(policy, protocol)) {
			peer.send("POST " + FullApplication.PATH + "/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
					+ (UPLOAD + 200) + "\r\nContent-Type: multipart/form-data; boundary=limit\r\n\r\n"
					+ "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.txt\"\r\n\r\n"
					+ "x".repeat(14_000));
			awaitClose();
			for (int sent = 14_000; sent < UPLOAD; sent += CHUNK) {
				peer.send(new byte[CHUNK]);
			}
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 413").endsWith("\r\n\r\n");
			assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void answersOfHttp2ArriveWholeDuringUploads(TlsShutdownPolicy policy, String protocol) throws IOException {
		this.server.usePolicy(policy);
		try (Http2Peer peer = Http2Peer.connect(this.server.port(), protocol, 65_536)) {
			ThreadPoolExecutor executor = (ThreadPoolExecutor) this.server.connector()
				.getProtocolHandler()
				.getExecutor();
			long before = executor.getCompletedTaskCount();
			List<Integer> streams = List.of(peer.post("/hello?size=200000"), peer.post("/hello?size=200000"));
			await().until(() -> executor.getCompletedTaskCount() >= before + streams.size()
					&& executor.getActiveCount() == 0);
			peer.sendGoAway();
			awaitClose();
			for (int sent = 0; sent < Upload.SIZE; sent += 16_000) {
				peer.send(Http2Peer.DATA, 0, streams.get(0), new byte[16_000]);
			}
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.isAtEndOfFrame()).isTrue();
			assertThat(streams).allSatisfy((stream) -> assertThat(peer.dataOf(stream)).isEqualTo(200_000));
			assertThat(peer.tls().sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
		}
	}

	private void awaitClose() {
		await().atMost(Duration.ofSeconds(20)).until(() -> this.server.openConnections() == 0);
	}

	private TlsPeer connect(TlsShutdownPolicy policy, String protocol) throws IOException {
		this.server.usePolicy(policy);
		return TlsPeer.connect(this.server.port(), protocol);
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		UploadController uploadController() {
			return new UploadController();
		}

	}

	@RestController
	static class UploadController {

		@PostMapping("/upload")
		String upload(@RequestParam MultipartFile file) {
			return file.getName();
		}

	}

}
