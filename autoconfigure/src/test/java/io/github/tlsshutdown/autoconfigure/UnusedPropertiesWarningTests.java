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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnusedPropertiesWarning}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnusedPropertiesWarningTests {

	@Test
	void propertiesOfAnApplicationWithoutServerAreReported(CapturedOutput output) {
		run("tls.shutdown.policy=quiet");
		assertThat(output.toString().lines()).singleElement()
			.asString()
			.contains("WARN", "tls.shutdown.* is set but has no effect")
			.doesNotContain("Also, ");
	}

	@Test
	void nothingSetIsNothingToReport(CapturedOutput output) {
		run();
		assertThat(output).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			tls.shutdown.policy=loud | tls.shutdown.policy=loud is not valid
			tls.shutdown.timeout=0s | tls.shutdown.timeout=0s is not valid: it must be a duration
			tls.shutdown.rules[0].policy=quiet | tls.shutdown.rules[0]=null is not valid: it must have at least one
			""")
	void valueThatIsNotValidIsReportedToo(String property, String mistake, CapturedOutput output) {
		run(property);
		assertThat(output.toString().lines()).singleElement()
			.asString()
			.contains("tls.shutdown.* is set but has no effect", "Also, " + mistake);
	}

	@Test
	void propertiesOfAServerWithoutTlsAreReported(CapturedOutput output) {
		try (TestServer server = TestServer.start(new Class<?>[] { Unused.class }, "server.ssl.enabled=false",
				"tls.shutdown.policy=quiet")) {
			assertThat(server.recorder().connectors()).isEmpty();
		}
		assertThat(output).containsOnlyOnce("tls.shutdown.* is set but has no effect");
	}

	@Test
	void propertiesThatAreUsedAreNotReported(CapturedOutput output) {
		try (TestServer server = TestServer.start(new Class<?>[] { Unused.class }, "tls.shutdown.policy=quiet")) {
			assertThat(server.recorder().connectors()).hasSize(1);
		}
		assertThat(output).doesNotContain("has no effect");
	}

	private static void run(String... properties) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Unused.class).web(WebApplicationType.NONE)
			.properties(properties)
			.run();
		context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(TlsShutdownUnusedPropertiesAutoConfiguration.class)
	static class Unused {

	}

}
