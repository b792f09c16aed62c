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

import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * That Jetty has what this package builds on.
 */
class JettyFeaturesTests {

	@Test
	void jettyOfTheTestsHasEverything() {
		assertThatNoException().isThrownBy(JettyFeatures::require);
	}

	@Test
	void messageNamesJettyAndWhatItLacks() {
		assertThat(new UnsupportedJettyException("it has no SslConnection.wrap", null)).hasMessage(
				"tls.shutdown.* cannot be applied to Jetty " + Server.getVersion() + ": it has no SslConnection.wrap");
	}

}
