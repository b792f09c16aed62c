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

package io.github.tlsshutdown;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownOutcome}.
 */
class TlsShutdownOutcomeTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			UNIDIRECTIONAL | LOCAL | SENT, COMPLETED, ABORTED
			UNIDIRECTIONAL | PEER  | COMPLETED, UNCLEAN
			BIDIRECTIONAL  | LOCAL | COMPLETED, ABORTED, UNCLEAN
			BIDIRECTIONAL  | PEER  | COMPLETED, UNCLEAN
			QUIET          | LOCAL | QUIET, ABORTED
			QUIET          | PEER  | QUIET, UNCLEAN
			""")
	void outcomesThatArePossibleDependOnPolicyAndInitiator(TlsShutdownPolicy policy, TlsShutdownInitiator initiator,
			String outcomes) {
		// What goes wrong does so under every policy, whoever was first
		String always = "TIMED_OUT, RESET, FAILED, OVERFLOW, NO_HANDSHAKE";
		assertThat(Stream.of(TlsShutdownOutcome.values()).filter((outcome) -> outcome.isPossible(policy, initiator)))
			.extracting(Enum::name)
			.containsExactlyInAnyOrder((outcomes + ", " + always).split(", "));
	}

}
