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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.EveryEndingByPolicy;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Every ending, under every policy and TLS version: one event each, with the outcome the
 * policy asks for.
 */
class EveryEndingTests {

	@ParameterizedTest
	@EnumSource
	void everyConnectionEndsByPolicyAndIsToldOfOnce(TlsShutdownPolicy policy) throws Exception {
		try (TestServer server = TestServer.start("tls.shutdown.policy=" + policy, "tls.shutdown.timeout=1s")) {
			EveryEndingByPolicy.check(server, policy);
		}
	}

}
