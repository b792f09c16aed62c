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

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownRule}.
 */
class TlsShutdownRuleTests {

	private static final TlsShutdownSettings SETTINGS = TlsShutdownSettings.DEFAULTS;

	@Test
	void applyWhenOnlyPolicyIsSetLeavesTheRest() {
		assertThat(rule().build().apply(SETTINGS)).isEqualTo(SETTINGS.withPolicy(TlsShutdownPolicy.QUIET));
		TlsShutdownSettings cutting = SETTINGS.withLinger(false);
		assertThat(rule().build().apply(cutting)).isEqualTo(cutting.withPolicy(TlsShutdownPolicy.QUIET));
	}

	@Test
	void applyChangesWhatIsSet() {
		TlsShutdownRule rule = rule().timeout(Duration.ofSeconds(1)).linger(false).build();
		assertThat(rule.apply(SETTINGS)).isEqualTo(
				SETTINGS.withPolicy(TlsShutdownPolicy.QUIET).withTimeout(Duration.ofSeconds(1)).withLinger(false));
	}

	@Test
	void applyWhenTimeoutIsLongerThanMaxWaitTakesMaxWait() {
		TlsShutdownRule rule = rule().timeout(Duration.ofMinutes(1)).build();
		assertThat(rule.apply(SETTINGS).timeout()).isEqualTo(SETTINGS.maxWait());
	}

	@Test
	void toStringIsTheName() {
		assertThat(rule().name("rules[3]").build()).hasToString("rules[3]");
	}

	private static TlsShutdownRuleBuilder rule() {
		return TlsShutdownRule.builder((connection) -> true, TlsShutdownPolicy.QUIET);
	}

}
