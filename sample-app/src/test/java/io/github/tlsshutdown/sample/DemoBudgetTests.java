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

package io.github.tlsshutdown.sample;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DemoBudget}.
 */
class DemoBudgetTests {

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

	private final DemoBudget budget = new DemoBudget(10, Duration.ofSeconds(10), this.nanoTime::get);

	@Test
	void spendWhenNotEnoughIsLeftSpendsNothing() {
		assertThat(this.budget.spend(7)).isTrue();
		assertThat(this.budget.spend(4)).isFalse();
		assertThat(this.budget.spend(3)).isTrue();
		assertThat(this.budget.spend(1)).isFalse();
	}

	@Test
	void spendWhenTimeHasPassedHasAsMuchMore() {
		assertThat(this.budget.spend(10)).isTrue();
		pass(Duration.ofMillis(999));
		assertThat(this.budget.spend(1)).isFalse();
		pass(Duration.ofMillis(1));
		assertThat(this.budget.spend(1)).isTrue();
		pass(Duration.ofMillis(2500));
		assertThat(this.budget.spend(3)).isFalse();
		pass(Duration.ofMillis(500));
		assertThat(this.budget.spend(3)).isTrue();
	}

	@Test
	void spendWhenNothingWasSpentForLongHasNoMoreThanCapacity() {
		pass(Duration.ofDays(1));
		assertThat(this.budget.spend(11)).isFalse();
		assertThat(this.budget.spend(10)).isTrue();
		assertThat(this.budget.spend(1)).isFalse();
	}

	private void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

}
