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

package io.github.tlsshutdown.jetty;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.testsupport.PoliteClients;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Clients that answer the server's close_notify when they have read all of it, as load
 * balancers do.
 */
class PoliteClientsTests {

	@Test
	void noneOfThemIsReset() throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional")) {
			PoliteClients.assertNoneIsReset(server);
		}
	}

}
