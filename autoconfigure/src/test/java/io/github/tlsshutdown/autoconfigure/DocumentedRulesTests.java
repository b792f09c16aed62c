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

package io.github.tlsshutdown.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Documentation;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on rules says.
 */
class DocumentedRulesTests {

	@ParameterizedTest
	@CsvSource({ "www.example.com, TLSv1.2, BIDIRECTIONAL", "www.legacy.example.com, TLSv1.2, UNIDIRECTIONAL",
			"www.legacy.example.com, TLSv1.3, BIDIRECTIONAL" })
	void exampleMeansWhatItSays(String host, String protocol, TlsShutdownPolicy policy, @TempDir Path directory)
			throws IOException {
		Path example = Files.writeString(directory.resolve("example.yml"), Documentation.firstYaml("rules.md"));
		SSLParameters parameters = new SSLParameters();
		parameters.setServerNames(List.of(new SNIHostName(host)));
		try (TestServer server = TestServer.start("spring.config.import=" + example.toUri());
				TlsPeer peer = TlsPeer.connect(server.port(), protocol, TlsPeer.newContext(), 0, parameters)) {
			peer.sendCloseNotify();
			assertThat(server.recorder().awaitEvent(peer.localPort()).policy()).isEqualTo(policy);
		}
	}

	@Test
	void attributeOfAnyHttp2StreamDecidesForTheConnection() throws Exception {
		EventRecorder recorder;
		try (TestServer server = TestServer.start("server.http2.enabled=true")) {
			recorder = server.recorder();
			HttpClient client = HttpClient.newBuilder().sslContext(TlsPeer.newContext()).build();
			for (String policy : List.of("unidirectional", "quiet")) {
				HttpResponse<String> response = client
					.send(HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/hello"))
						.header("Policy", policy)
						.build(), HttpResponse.BodyHandlers.ofString());
				assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
				assertThat(response.body()).isEqualTo("hello");
			}
		}
		assertThat(recorder.events()).singleElement()
			.extracting(TlsShutdownEvent::policy)
			.isEqualTo(TlsShutdownPolicy.QUIET);
	}

}
