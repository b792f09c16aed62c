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
import java.net.SocketTimeoutException;

import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Uploads over HTTP/2 that go on after they were refused: what Tomcat does to them, and
 * the setting that the documents name against it.
 */
class Http2OverheadTests {

	private static final int ENHANCE_YOUR_CALM = 11;

	private static final int FRAMES = 60;

	/**
	 * Tomcat counts only what it gets once it has forgotten the stream, which may be
	 * later than the client learns of its end.
	 */
	@Test
	void clientThatGoesOnWithItsUploadIsToldToCalmDown() {
		try (TestServer server = TestServer.start("server.http2.enabled=true")) {
			await().until(() -> isToldToCalmDown(server));
		}
	}

	@Test
	void clientThatGoesOnWithItsUploadIsServedWhereResetStreamsCountNothing() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Lenient.class }, "server.http2.enabled=true");
				Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			goOnWithRefusedUpload(peer);
			assertThat(peer.readResponse(peer.get("/hello"))).isEqualTo("hello".length());
			assertThat(peer.goAways()).isEmpty();
		}
	}

	private static boolean isToldToCalmDown(TestServer server) throws IOException {
		try (Http2Peer peer = Http2Peer.connect(server.port(), "TLSv1.3", 0)) {
			try {
				goOnWithRefusedUpload(peer);
				peer.readResponse(peer.get("/hello"));
			}
			catch (SocketTimeoutException ex) {
				throw ex;
			}
			catch (IOException ex) {
				// The server has ended the connection
			}
			return peer.goAways().stream().anyMatch((goAway) -> goAway.errorCode() == ENHANCE_YOUR_CALM);
		}
	}

	private static void goOnWithRefusedUpload(Http2Peer peer) throws IOException {
		int stream = peer.post("/reject?size=100");
		assertThat(peer.readResponse(stream)).isEqualTo(100);
		peer.readReset(stream);
		for (int i = 0; i < FRAMES; i++) {
			peer.send(Http2Peer.DATA, 0, stream, new byte[1000]);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Lenient {

		@Bean
		TomcatConnectorCustomizer overheadCustomizer() {
			return (connector) -> ((Http2Protocol) connector.findUpgradeProtocols()[0]).setOverheadResetFactor(0);
		}

	}

}
