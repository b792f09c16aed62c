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

package io.github.tlsshutdown.actuate;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentShutdowns}.
 */
class RecentShutdownsTests {

	private static final TlsShutdownEvent EVENT = TestEvents.event(new FakeConnector(8443), TlsShutdownOutcome.RESET,
			TlsShutdownInitiator.PEER);

	@Test
	void entriesComeLastFirst() {
		assertThat(numbers(filled(10, 3))).containsExactly(2L, 1L, 0L);
	}

	@Test
	void entriesWhenFullAreTheLastOnes() {
		assertThat(numbers(filled(4, 11))).containsExactly(10L, 9L, 8L, 7L);
	}

	@Test
	void entriesWhenSizeIsZeroAreNone() {
		assertThat(filled(0, 3).entries()).isEmpty();
	}

	@Test
	void entriesAreTheLastOnesWhenManyThreadsAdd() throws InterruptedException {
		RecentShutdowns recent = new RecentShutdowns(8);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		for (int i = 0; i < 8; i++) {
			threads.execute(() -> IntStream.range(0, 20_000).forEach((ignored) -> recent.add(Instant.EPOCH, EVENT)));
		}
		threads.shutdown();
		assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
		assertThat(numbers(recent)).containsExactly(159_999L, 159_998L, 159_997L, 159_996L, 159_995L, 159_994L,
				159_993L, 159_992L);
	}

	private static RecentShutdowns filled(int size, int entries) {
		RecentShutdowns recent = new RecentShutdowns(size);
		for (int i = 0; i < entries; i++) {
			recent.add(Instant.EPOCH, EVENT);
		}
		return recent;
	}

	private static List<Long> numbers(RecentShutdowns recent) {
		return recent.entries().stream().map(RecentShutdowns.Entry::number).toList();
	}

}
