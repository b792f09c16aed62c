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

package io.github.tlsshutdown.engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DescriptorLimit}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DescriptorLimitTests {

	@ParameterizedTest
	@CsvSource({ "1024, 1000, 25", "1024, 1024, 1", "1024, 1, 1024", "1024, -1, 1025", "1024, 2147483647, 2147483647",
			"1, 1, 1" })
	void limitBelowWhatAConnectorMayHoldIsReported(long limit, int maxConnections, int maxPending,
			CapturedOutput output) {
		DescriptorLimit.check(() -> limit, "https-8443", maxConnections, maxPending);
		assertThat(output).contains("https-8443")
			.contains("tls.shutdown.max-pending=" + maxPending)
			.contains("can open " + limit + " files");
	}

	@ParameterizedTest
	@CsvSource({ "1024, 1000, 24", "1024, 24, 1000", "1024, -1, 1024", "16384, 8192, 8192",
			// Not known, or none
			"-1, 8192, 8192", "0, 8192, 8192", "9223372036854775807, 2147483647, 2147483647" })
	void limitThatSufficesIsNotReported(long limit, int maxConnections, int maxPending, CapturedOutput output) {
		DescriptorLimit.check(() -> limit, "https-8443", maxConnections, maxPending);
		assertThat(output).doesNotContain("https-8443");
	}

	@Test
	void limitThatTheJdkDoesNotTellIsNotReported(CapturedOutput output) {
		DescriptorLimit.check(() -> {
			throw new NoClassDefFoundError("com/sun/management/UnixOperatingSystemMXBean");
		}, "https-8443", 8192, 8192);
		assertThat(output).doesNotContain("https-8443");
	}

}
