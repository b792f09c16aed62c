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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the packaged sample application: what it answers.
 */
class SampleApplicationIT {

	@TempDir
	private static Path directory;

	private static SampleProcess application;

	@BeforeAll
	static void start() throws IOException {
		application = SampleProcess.start("answers", directory);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void helloKeepsConnection(String protocol) throws IOException {
		try (TlsClient client = application.connect(protocol)) {
			for (int i = 0; i < 2; i++) {
				client.request("GET", "/hello");
				Response response = client.readResponse();
				assertThat(response.status()).isEqualTo(200);
				assertThat(response.headers()).containsEntry("Content-Type", "text/plain")
					.doesNotContainKey("Connection");
				assertThat(response.body()).isEqualTo("hello");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void byeEndsConnection(String protocol) throws IOException {
		try (TlsClient client = application.connect(protocol)) {
			client.request("GET", "/bye");
			Response response = client.readResponse();
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.headers()).containsEntry("Content-Type", "text/plain")
				.containsEntry("Connection", "close");
			assertThat(response.body()).isEqualTo("bye");
			assertThat(client.readEnd()).isEqualTo(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
		}
	}

	@ParameterizedTest
	@CsvSource({ "'', 100000", "?size=0, 0", "?size=1, 1", "?size=10000000, 10000000" })
	void rejectAnswersWithSize(String query, int size) throws IOException {
		try (TlsClient client = application.connect("TLSv1.3")) {
			client.request("POST", "/reject" + query);
			assertRejected(client.readResponse(), size);
			assertThat(client.readEnd()).isEqualTo(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "10000001", "99999999999", "many", "" })
	void rejectWhenSizeIsInvalidIsBadRequest(String size) throws IOException {
		try (TlsClient client = application.connect("TLSv1.3")) {
			client.request("POST", "/reject?size=" + size);
			Response response = client.readResponse();
			assertThat(response.status()).isEqualTo(400);
			assertThat(response.body()).isEqualTo("size must be a number from 0 to 10000000");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/octet-stream", "application/x-www-form-urlencoded",
			"multipart/form-data; boundary=boundary" })
	void rejectDoesNotWaitForUpload(String contentType) throws IOException {
		try (TlsClient client = application.connect("TLSv1.3")) {
			// Few enough for a server that reads uploads to wait for the rest
			client.send(uploadHead("/reject?size=1000", contentType, 1_000_000));
			client.send("the beginning");
			assertRejected(client.readResponse(), 1000);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void rejectReachesClientThatReadsOnlyAfterItHasSentMoreThanServerReads(String protocol) throws IOException {
		try (TlsClient client = application.connect(protocol)) {
			client.send(uploadHead("/reject", "application/octet-stream", 30_000_000));
			client.send(".".repeat(6_000_000));
			assertRejected(client.readResponse(), 100_000);
			assertThat(client.readEnd()).isEqualTo(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
		}
	}

	@Test
	void byeOverHttp2HasNoConnectionHeader() throws Exception {
		try (SampleProcess http2 = SampleProcess.start("http2", directory, "--server.http2.enabled=true")) {
			HttpResponse<String> response = HttpClient.newBuilder()
				.sslContext(http2.trust())
				.build()
				.send(HttpRequest.newBuilder(URI.create("https://localhost:" + http2.port() + "/bye")).build(),
						HttpResponse.BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(response.body()).isEqualTo("bye");
			assertThat(response.headers().firstValue("Connection")).isEmpty();
		}
	}

	@Test
	void secondStartServesSameCertificate() throws IOException {
		byte[] keyStore = Files.readAllBytes(application.keyStore());
		try (SampleProcess second = SampleProcess.start("second-start", directory);
				TlsClient client = application.connect("TLSv1.3");
				TlsClient secondClient = second.connect("TLSv1.3")) {
			assertThat(second.port()).isNotEqualTo(application.port());
			assertThat(secondClient.serverCertificate()).isEqualTo(client.serverCertificate());
			assertThat(application.keyStore()).hasBinaryContent(keyStore);
		}
	}

	private static String uploadHead(String target, String contentType, int length) {
		return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + contentType
				+ "\r\nContent-Length: " + length + "\r\n\r\n";
	}

	private static void assertRejected(Response response, int size) {
		assertThat(response.status()).isEqualTo(413);
		assertThat(response.headers()).containsEntry("Connection", "close");
		assertThat(response.body()).hasSize(size);
	}

}
