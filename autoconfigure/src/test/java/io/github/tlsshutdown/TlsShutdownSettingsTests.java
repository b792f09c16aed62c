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
import org.junit.jupiter.params.provider.MethodSource;

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
		return Stream.of(Arguments.of(ONE_NANO, ONE_NANO, 0, 1L), Arguments.of(ONE_NANO, ONE_HOUR, 1, 1L),
				Arguments.of(ONE_HOUR, ONE_HOUR, Integer.MAX_VALUE, Long.MAX_VALUE));
	}

	@ParameterizedTest
	@MethodSource("withinRange")
	void valuesOnTheBorderAreAllowed(Duration timeout, Duration maxWait, int maxPending, long maxDiscard) {
		TlsShutdownSettings settings = settings(timeout, maxWait, maxPending, maxDiscard);
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
				Arguments.of("maxWait", timeout, Duration.ZERO, 1, 1L),
				Arguments.of("maxWait", timeout, ONE_NANO.negated(), 1, 1L),
				Arguments.of("maxWait", timeout, timeout.minus(ONE_NANO), 1, 1L),
				Arguments.of("maxWait", timeout, ONE_HOUR.plus(ONE_NANO), 1, 1L),
				Arguments.of("maxPending", timeout, maxWait, -1, 1L),
				Arguments.of("maxPending", timeout, maxWait, Integer.MIN_VALUE, 1L),
				Arguments.of("maxDiscard", timeout, maxWait, 1, 0L),
				Arguments.of("maxDiscard", timeout, maxWait, 1, -1L),
				Arguments.of("maxDiscard", timeout, maxWait, 1, Long.MIN_VALUE));
	}

	@ParameterizedTest
	@MethodSource("outOfRange")
	void valuesOverTheBorderAreRefused(String setting, Duration timeout, Duration maxWait, int maxPending,
			long maxDiscard) {
		Object value = switch (setting) {
			case "timeout" -> timeout;
			case "maxWait" -> maxWait;
			case "maxPending" -> maxPending;
			default -> maxDiscard;
		};
		assertThatExceptionOfType(InvalidTlsShutdownSettingException.class)
			.isThrownBy(() -> settings(timeout, maxWait, maxPending, maxDiscard))
			.withMessageStartingWith("Invalid " + setting + " '" + value + "': must be ")
			.satisfies((ex) -> assertThat(ex.getSetting()).isEqualTo(setting))
			.satisfies((ex) -> assertThat(ex.getValue()).isEqualTo(value.toString()));
	}

	@Test
	void maxWaitWhenShorterThanTimeoutIsRefusedWithTimeout() {
		assertThatExceptionOfType(InvalidTlsShutdownSettingException.class)
			.isThrownBy(() -> TlsShutdownSettings.DEFAULTS.withTimeout(Duration.ofMillis(90_500)))
			.withMessage("Invalid maxWait 'PT30S':"
					+ " must be at least as long as timeout, which is 1m30.5s, and at most 1h");
	}

	@Test
	void nullsAreRefused() {
		assertThatNullPointerException().isThrownBy(() -> TlsShutdownSettings.builder().policy(null))
			.withMessageContaining("policy");
		assertThatNullPointerException().isThrownBy(() -> TlsShutdownSettings.builder().timeout(null))
			.withMessageContaining("timeout");
		assertThatNullPointerException().isThrownBy(() -> TlsShutdownSettings.builder().maxWait(null))
			.withMessageContaining("maxWait");
	}

	@Test
	void withChangesOneSettingOnly() {
		TlsShutdownSettings custom = custom().build();
		assertThat(custom.withPolicy(TlsShutdownPolicy.BIDIRECTIONAL))
			.isEqualTo(custom().policy(TlsShutdownPolicy.BIDIRECTIONAL).build());
		assertThat(custom.withLinger(true)).isEqualTo(custom().linger(true).build());
		assertThat(custom.withTimeout(Duration.ofSeconds(6)))
			.isEqualTo(custom().timeout(Duration.ofSeconds(6)).build());
		assertThat(custom.withMaxWait(Duration.ofSeconds(8)))
			.isEqualTo(custom().maxWait(Duration.ofSeconds(8)).build());
		assertThat(custom.withMaxPending(12)).isEqualTo(custom().maxPending(12).build());
		assertThat(custom.withMaxDiscard(14)).isEqualTo(custom().maxDiscard(14).build());
		assertThat(custom.withDrainIdle(true)).isEqualTo(custom().drainIdle(true).build());
	}

	@Test
	void equalsComparesEverySetting() {
		TlsShutdownSettings custom = custom().build();
		assertThat(custom).isEqualTo(custom().build()).hasSameHashCodeAs(custom().build());
		assertThat(Stream.of(custom().policy(TlsShutdownPolicy.BIDIRECTIONAL), custom().linger(true),
				custom().timeout(ONE_NANO), custom().maxWait(ONE_HOUR), custom().maxPending(1), custom().maxDiscard(1),
				custom().drainIdle(true)))
			.allSatisfy((other) -> assertThat(other.build()).isNotEqualTo(custom));
	}

	@Test
	void toStringShowsEverySetting() {
		assertThat(custom().build())
			.hasToString("TlsShutdownSettings[policy=QUIET, linger=false, timeout=PT5S, maxWait=PT7S, maxPending=11,"
					+ " maxDiscard=13, drainIdle=false]");
	}

	@Test
	void builderMayBeUsedAgain() {
		TlsShutdownSettingsBuilder builder = custom();
		TlsShutdownSettings first = builder.build();
		builder.policy(TlsShutdownPolicy.BIDIRECTIONAL);
		assertThat(first.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
	}

	private static TlsShutdownSettings settings(Duration timeout, Duration maxWait, int maxPending, long maxDiscard) {
		return TlsShutdownSettings.builder()
			.timeout(timeout)
			.maxWait(maxWait)
			.maxPending(maxPending)
			.maxDiscard(maxDiscard)
			.build();
	}

	private static TlsShutdownSettingsBuilder custom() {
		return TlsShutdownSettings.builder()
			.policy(TlsShutdownPolicy.QUIET)
			.linger(false)
			.timeout(Duration.ofSeconds(5))
			.maxWait(Duration.ofSeconds(7))
			.maxPending(11)
			.maxDiscard(13)
			.drainIdle(false);
	}

}
