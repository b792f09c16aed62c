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

package io.github.tlsshutdown.actuate;

import java.io.IOException;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.TestHttpClient;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@link TlsShutdownHealthIndicator} as a balancer sees it.
 */
class TlsShutdownHealthHttpTests {

	private static final String ENDPOINT = "/actuator/health";

	@Test
	void healthIsDownWhileNobodyElseCanWait() throws IOException {
		try (TestServer server = start("management.health.tlsshutdown.enabled=true",
				"management.health.tlsshutdown.at-limit=50ms")) {
			TestHttpClient client = new TestHttpClient(server.port(), FullApplication.PATH);
			assertThat(client.get(ENDPOINT).statusCode()).isEqualTo(200);
			try (TlsPeer silent = server.peerAfterBye()) {
				await().until(() -> client.get(ENDPOINT).statusCode() == 503);
				assertThat(client.get(ENDPOINT).body()).contains("\"tlsShutdown\":{", "\"status\":\"DOWN\"",
						"\"pending\":1,\"maxPending\":1,\"atLimit\":\"PT");
				silent.sendCloseNotify();
				await().until(() -> client.get(ENDPOINT).statusCode() == 200);
			}
		}
	}

	@Test
	void healthDoesNotTellOfItByDefault() {
		try (TestServer server = start()) {
			HttpResponse<String> health = new TestHttpClient(server.port(), FullApplication.PATH).get(ENDPOINT);
			assertThat(health.body()).contains("\"components\"").doesNotContain("tlsShutdown");
		}
	}

	private static TestServer start(String... properties) {
		String[] all = new String[properties.length + 5];
		all[0] = FullApplication.PATH_PROPERTY;
		all[1] = "management.endpoint.health.show-details=always";
		all[2] = "tls.shutdown.policy=bidirectional";
		all[3] = "tls.shutdown.max-pending=1";
		all[4] = "tls.shutdown.timeout=20s";
		System.arraycopy(properties, 0, all, 5, properties.length);
		return TestServer.start(new Class<?>[] { FullApplication.class }, all);
	}

}
