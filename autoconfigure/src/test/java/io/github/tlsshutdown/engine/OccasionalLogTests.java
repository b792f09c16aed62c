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

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OccasionalLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OccasionalLogTests {

	private static final Log logger = LogFactory.getLog(OccasionalLogTests.class);

	private final OccasionalLog log = new OccasionalLog(logger);

	@Test
	void firstWarningIsLoggedWithItsCause(CapturedOutput output) {
		this.log.warn("Something is wrong", new IllegalStateException("the cause"));
		assertThat(output).containsPattern("WARN.*" + getClass().getSimpleName() + " .*: Something is wrong\\R")
			.contains("java.lang.IllegalStateException: the cause")
			.doesNotContain("since the last message");
	}

	@Test
	void causeMayBeAbsent(CapturedOutput output) {
		this.log.warn("Something is wrong", null);
		assertThat(output).contains("Something is wrong").doesNotContain("null");
	}

	@Test
	void furtherWarningsWithinAMinuteAreNotLogged(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.log.warn("Warning no. " + i, new IllegalStateException());
		}
		assertThat(output).contains("Warning no. 0").doesNotContain("Warning no. 1", "Warning no. 999");
	}

	/**
	 * The clock of {@link System#nanoTime()} has no zero: it may be about to wrap around.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 30_000_000_000L })
	void warningWhenTheMinuteIsOverIsLoggedWithTheNumberOfThoseThatWereNot(long start, CapturedOutput output) {
		AtomicLong clock = new AtomicLong(start);
		OccasionalLog log = new OccasionalLog(logger, clock::get);
		log.warn("First", null);
		log.warn("Second", null);
		clock.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
		log.warn("Third", null);
		assertThat(output).contains("First").doesNotContain("Second", "Third");
		clock.incrementAndGet();
		log.warn("Fourth", null);
		assertThat(output).contains("Fourth (2 more since the last message of this kind)");
		log.warn("Fifth", null);
		clock.addAndGet(Duration.ofDays(1).toNanos());
		log.warn("Sixth", null);
		clock.addAndGet(Duration.ofMinutes(1).toNanos());
		log.warn("Seventh", null);
		assertThat(output).doesNotContain("Fifth").contains("Sixth (1 more since").containsPattern("Seventh\\R");
	}

	@Test
	void warningsOfTwoThreadsAtOnceAreLoggedOnce() throws InterruptedException {
		int rounds = 1000;
		AtomicInteger logged = new AtomicInteger();
		Log counter = (Log) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Log.class },
				(proxy, method, args) -> logged.incrementAndGet());
		List<OccasionalLog> logs = Stream.generate(() -> new OccasionalLog(counter)).limit(rounds).toList();
		AtomicInteger arrived = new AtomicInteger();
		Runnable warner = () -> {
			for (int i = 0; i < rounds; i++) {
				arrived.incrementAndGet();
				while (arrived.get() < 2 * (i + 1)) {
					Thread.yield();
				}
				logs.get(i).warn("Something is wrong", null);
			}
		};
		Thread other = new Thread(warner);
		other.start();
		warner.run();
		other.join();
		assertThat(logged).hasValue(rounds);
	}

	@Test
	void anotherLogHasItsOwnMinute(CapturedOutput output) {
		this.log.warn("One", null);
		new OccasionalLog(logger).warn("Other", null);
		assertThat(output).contains("One", "Other");
	}

}
