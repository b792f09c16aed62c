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
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link TlsShutdownSettings}.
 */
class TlsShutdownSettingsTests {

	private static final Duration ONE_NANO = Duration.ofNanos(1);

	private static final Duration ONE_HOUR = Duration.ofHours(1);

	static Stream<Arguments> withinRange() {
		return Stream.of(Arguments.of(ONE_NANO, ONE_NANO, 1, 1L), Arguments.of(ONE_NANO, ONE_HOUR, 1, 1L),
				Arguments.of(ONE_HOUR, ONE_HOUR, Integer.MAX_VALUE, Long.MAX_VALUE));
	}

	@ParameterizedTest
	@MethodSource("withinRange")
	void valuesOnTheBorderAreAllowed(Duration timeout, Duration maxWait, int maxPending, long maxDiscard) {
		TlsShutdownSettings settings = new TlsShutdownSettings(TlsShutdownPolicy.QUIET, timeout, maxWait, maxPending,
				maxDiscard);
		assertThat(settings.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
		assertThat(settings.timeout()).isEqualTo(timeout);
		assertThat(settings.maxWait()).isEqualTo(maxWait);
		assertThat(settings.maxPending()).isEqualTo(maxPending);
		assertThat(settings.maxDiscard()).isEqualTo(maxDiscard);
	}

	static Stream<Arguments> outOfRange() {
		Duration timeout = Duration.ofSeconds(3);
		Duration maxWait = Duration.ofSeconds(30);
		return Stream.of(Arguments.of("timeout", Duration.ZERO, maxWait, 1, 1L),
				Arguments.of("timeout", ONE_NANO.negated(), maxWait, 1, 1L),
				Arguments.of("timeout", ONE_HOUR.plus(ONE_NANO), ONE_HOUR.plus(ONE_NANO), 1, 1L),
				Arguments.of("timeout", Duration.ofSeconds(Long.MAX_VALUE), maxWait, 1, 1L),
				Arguments.of("max-wait", timeout, Duration.ZERO, 1, 1L),
				Arguments.of("max-wait", timeout, ONE_NANO.negated(), 1, 1L),
				Arguments.of("max-wait", timeout, timeout.minus(ONE_NANO), 1, 1L),
				Arguments.of("max-wait", timeout, ONE_HOUR.plus(ONE_NANO), 1, 1L),
				Arguments.of("max-pending", timeout, maxWait, 0, 1L),
				Arguments.of("max-pending", timeout, maxWait, -1, 1L),
				Arguments.of("max-pending", timeout, maxWait, Integer.MIN_VALUE, 1L),
				Arguments.of("max-discard", timeout, maxWait, 1, 0L),
				Arguments.of("max-discard", timeout, maxWait, 1, -1L),
				Arguments.of("max-discard", timeout, maxWait, 1, Long.MIN_VALUE));
	}

	@ParameterizedTest
	@MethodSource("outOfRange")
	void valuesOverTheBorderAreRefused(String setting, Duration timeout, Duration maxWait, int maxPending,
			long maxDiscard) {
		Object value = switch (setting) {
			case "timeout" -> timeout;
			case "max-wait" -> maxWait;
			case "max-pending" -> maxPending;
			default -> maxDiscard;
		};
		assertThatExceptionOfType(InvalidTlsShutdownSettingException.class)
			.isThrownBy(() -> new TlsShutdownSettings(TlsShutdownPolicy.UNIDIRECTIONAL, timeout, maxWait, maxPending,
					maxDiscard))
			.satisfies((ex) -> {
				assertThat(ex.getSetting()).isEqualTo(setting);
				assertThat(ex.getValue()).isEqualTo(value.toString());
				assertThat(ex.getAllowed()).startsWith("must be " + TlsShutdownSettings.allowed(setting));
				assertThat(ex).hasMessage("Invalid " + setting + " '" + value + "': " + ex.getAllowed());
			});
	}

	@Test
	void maxWaitWhenShorterThanTimeoutIsRefusedWithTimeout() {
		assertThatExceptionOfType(InvalidTlsShutdownSettingException.class)
			.isThrownBy(() -> TlsShutdownSettings.DEFAULTS.withTimeout(Duration.ofMillis(90_500)))
			.satisfies((ex) -> assertThat(ex.getSetting()).isEqualTo("max-wait"))
			.satisfies((ex) -> assertThat(ex.getAllowed()).isEqualTo(
					"must be a duration such as 30s, at least as long as timeout and at most 1h (timeout is 1m30.5s)"));
	}

	@Test
	void nullsAreRefused() {
		Duration second = Duration.ofSeconds(1);
		assertThatNullPointerException().isThrownBy(() -> new TlsShutdownSettings(null, second, second, 1, 1))
			.withMessageContaining("policy");
		assertThatNullPointerException()
			.isThrownBy(() -> new TlsShutdownSettings(TlsShutdownPolicy.QUIET, null, second, 1, 1))
			.withMessageContaining("timeout");
		assertThatNullPointerException()
			.isThrownBy(() -> new TlsShutdownSettings(TlsShutdownPolicy.QUIET, second, null, 1, 1))
			.withMessageContaining("maxWait");
	}

	@ParameterizedTest
	@EnumSource
	void withPolicyChangesThePolicyOnly(TlsShutdownPolicy policy) {
		assertThat(custom().withPolicy(policy))
			.isEqualTo(new TlsShutdownSettings(policy, Duration.ofSeconds(5), Duration.ofSeconds(7), 11, 13));
	}

	@Test
	void withTimeoutChangesTheTimeoutOnly() {
		assertThat(custom().withTimeout(Duration.ofSeconds(6))).isEqualTo(
				new TlsShutdownSettings(TlsShutdownPolicy.QUIET, Duration.ofSeconds(6), Duration.ofSeconds(7), 11, 13));
	}

	@ParameterizedTest
	@ValueSource(strings = { "policy", "timeout", "max-wait", "max-pending", "max-discard" })
	void allowedIsSaidForEverySetting(String setting) {
		assertThat(TlsShutdownSettings.allowed(setting)).isNotBlank();
	}

	@Test
	void allowedPoliciesAreThoseThatThereAre() {
		assertThat(TlsShutdownSettings.allowed("policy")).isEqualTo("one of unidirectional, bidirectional, quiet");
	}

	@Test
	void allowedWhenThereIsNoSuchSettingIsNull() {
		assertThat(TlsShutdownSettings.allowed("maxWait")).isNull();
	}

	private static TlsShutdownSettings custom() {
		return new TlsShutdownSettings(TlsShutdownPolicy.QUIET, Duration.ofSeconds(5), Duration.ofSeconds(7), 11, 13);
	}

}
