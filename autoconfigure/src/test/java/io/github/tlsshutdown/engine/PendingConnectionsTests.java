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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PendingConnections}.
 */
class PendingConnectionsTests {

	// A clock may be about to wrap around
	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);

	private final PendingConnections pending = new PendingConnections(this.clock::get);

	@Test
	void noMoreAreAddedThanTheLimit() {
		assertThat(this.pending.add(2)).isTrue();
		assertThat(this.pending.add(2)).isTrue();
		assertThat(this.pending.add(2)).isFalse();
		assertThat(this.pending.number()).isEqualTo(2);
		this.pending.remove();
		assertThat(this.pending.add(2)).isTrue();
	}

	@Test
	void fullSinceTheLimitWasReached() {
		add(19, 20);
		this.clock.addAndGet(1_000);
		assertThat(this.pending.fullFor()).isZero();
		add(1, 20);
		this.clock.addAndGet(1_000);
		assertThat(this.pending.fullFor()).isEqualTo(Duration.ofNanos(1_000));
	}

	@Test
	void fullWhileOneLeavesAndAnotherComes() {
		add(20, 20);
		for (int i = 0; i < 3; i++) {
			this.pending.remove();
			this.pending.remove();
			this.clock.addAndGet(1_000);
			assertThat(this.pending.fullFor()).isEqualTo(Duration.ofNanos(1_000 * (i + 1)));
			add(2, 20);
		}
	}

	@Test
	void notFullOnceThereIsRoom() {
		add(20, 20);
		this.clock.addAndGet(1_000);
		IntStream.range(0, 3).forEach((ignored) -> this.pending.remove());
		assertThat(this.pending.fullFor()).isZero();
		add(3, 20);
		assertThat(this.pending.fullFor()).isZero();
	}

	@Test
	void oneThatMayWaitIsFullUntilItLeaves() {
		add(1, 1);
		this.clock.addAndGet(5);
		assertThat(this.pending.fullFor()).isEqualTo(Duration.ofNanos(5));
		this.pending.remove();
		assertThat(this.pending.fullFor()).isZero();
	}

	private void add(int number, int limit) {
		IntStream.range(0, number).forEach((ignored) -> assertThat(this.pending.add(limit)).isTrue());
	}

}
