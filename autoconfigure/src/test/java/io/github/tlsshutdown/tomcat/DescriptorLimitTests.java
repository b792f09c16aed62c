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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the limit of descriptors that Tomcat's connectors are checked against.
 */
@ExtendWith(OutputCaptureExtension.class)
class DescriptorLimitTests {

	@Test
	void serverThatMayHoldMoreConnectionsThanDescriptorsStartsWithOneWarning(CapturedOutput output) {
		try (TestServer server = TestServer.start("server.tomcat.max-connections=2000000000")) {
			assertThat(server.recorder().connector()).isNotNull();
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
				.asString()
				.contains("https-jsse-nio-auto-")
				.contains("max-connections=2000000000")
				.contains("tls.shutdown.max-pending=2000000000");
		}
	}

	@Test
	void serverThatMayHoldFewConnectionsStartsWithoutWarning(CapturedOutput output) {
		try (TestServer server = TestServer.start("server.tomcat.max-connections=100")) {
			assertThat(server.recorder().connector()).isNotNull();
			assertThat(output).doesNotContain("WARN");
		}
	}

}
