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

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.contract.HandshakeContract;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Connections that end before the handshake is complete: one event each, and the server's
 * own alert arrives.
 */
@ParameterizedClass
@ValueSource(strings = { "JDK", "OPENSSL" })
class HandshakeTests extends HandshakeContract {

	@Parameter
	private String engine;

	@Override
	protected TestServer start() {
		return TestServer.start("test.engine=" + this.engine, "tls.shutdown.policy=bidirectional");
	}

	@Override
	protected TestServer startWithClientAuth() {
		return TestServer.start("test.engine=" + this.engine, "test.client-auth=true");
	}

}
