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

package io.github.tlsshutdown.nio;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeadlineQueue}.
 */
class DeadlineQueueTests {

	private final DeadlineQueue<String> queue = new DeadlineQueue<>();

	@Test
	void elementsAreDueInTheOrderOfTheirDeadlines() {
		this.queue.add("third", 30);
		this.queue.add("first", 10);
		this.queue.add("second", 20);
		assertThat(pollAllDue(30)).containsExactly("first", "second", "third");
	}

	@Test
	void elementsWhenDueAtTheSameTimeAreAllKeptInTheOrderOfTheirArrival() {
		for (String element : List.of("a", "c", "b", "d")) {
			this.queue.add(element, 10);
		}
		assertThat(pollAllDue(10)).containsExactly("a", "c", "b", "d");
	}

	@Test
	void pollDueWhenDeadlineIsAheadReturnsNothingAndKeepsTheElement() {
		this.queue.add("element", 10);
		assertThat(this.queue.pollDue(9)).isNull();
		assertThat(this.queue.pollDue(10)).isEqualTo("element");
		assertThat(this.queue.pollDue(11)).isNull();
	}

	@Test
	void pollFirstReturnsElementsDueOrNot() {
		this.queue.add("second", Long.MAX_VALUE / 2);
		this.queue.add("first", 10);
		assertThat(this.queue.pollFirst()).isEqualTo("first");
		assertThat(this.queue.pollFirst()).isEqualTo("second");
		assertThat(this.queue.pollFirst()).isNull();
	}

	@Test
	void nanosUntilNextIsForTheFirstElement() {
		this.queue.add("second", 20);
		this.queue.add("first", 10);
		assertThat(this.queue.nanosUntilNext(3)).isEqualTo(7);
		assertThat(this.queue.nanosUntilNext(10)).isZero();
		assertThat(this.queue.nanosUntilNext(15)).isEqualTo(-5);
	}

	@Test
	void nanosUntilNextWhenEmptyIsForEver() {
		assertThat(this.queue.nanosUntilNext(0)).isEqualTo(Long.MAX_VALUE);
		assertThat(this.queue.nanosUntilNext(Long.MIN_VALUE)).isEqualTo(Long.MAX_VALUE);
		assertThat(this.queue.pollDue(Long.MAX_VALUE)).isNull();
	}

	@Test
	void elementWhenRemovedIsNeverDue() {
		this.queue.add("first", 10);
		this.queue.add("second", 10);
		this.queue.add("third", 10);
		this.queue.remove("second");
		assertThat(pollAllDue(10)).containsExactly("first", "third");
	}

	@Test
	void removeWhenElementIsNotInTheQueueDoesNothing() {
		this.queue.add("element", 10);
		this.queue.remove("another");
		assertThat(pollAllDue(10)).containsExactly("element");
		this.queue.remove("element");
		assertThat(this.queue.nanosUntilNext(0)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void elementWhenRemovedAndAddedAgainHasItsNewDeadlineOnly() {
		this.queue.add("moved", 10);
		this.queue.add("other", 20);
		this.queue.remove("moved");
		this.queue.add("moved", 30);
		assertThat(this.queue.nanosUntilNext(0)).isEqualTo(20);
		assertThat(pollAllDue(30)).containsExactly("other", "moved");
	}

	@Test
	void elementWhenPolledCanBeAddedAgain() {
		this.queue.add("element", 10);
		this.queue.pollDue(10);
		this.queue.add("element", 20);
		assertThat(pollAllDue(20)).containsExactly("element");
		this.queue.add("element", 30);
		this.queue.pollFirst();
		this.queue.add("element", 40);
		assertThat(pollAllDue(40)).containsExactly("element");
	}

	@Test
	void elementsWhenEqualAreTakenForDifferentOnes() {
		DeadlineQueue<List<String>> queue = new DeadlineQueue<>();
		List<String> one = new ArrayList<>(List.of("equal"));
		List<String> other = new ArrayList<>(List.of("equal"));
		queue.add(one, 10);
		queue.add(other, 20);
		queue.remove(one);
		assertThat(queue.pollFirst()).isSameAs(other);
		assertThat(queue.pollFirst()).isNull();
	}

	/**
	 * The clock of {@link System#nanoTime()} has no zero: it may be about to wrap around.
	 */
	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, Long.MAX_VALUE - 15, Long.MIN_VALUE, -1, 0 })
	void orderWhenTheClockWrapsAroundIsThatOfTime(long now) {
		this.queue.add("third", now + 30);
		this.queue.add("first", now + 10);
		this.queue.add("second", now + 20);
		assertThat(this.queue.nanosUntilNext(now)).isEqualTo(10);
		assertThat(this.queue.pollDue(now + 9)).isNull();
		assertThat(this.queue.pollDue(now + 20)).isEqualTo("first");
		assertThat(this.queue.pollDue(now + 20)).isEqualTo("second");
		assertThat(this.queue.pollDue(now + 20)).isNull();
		assertThat(this.queue.nanosUntilNext(now + 20)).isEqualTo(10);
	}

	/**
	 * Far more than the time this takes, and far less than it would take if an operation
	 * looked at every element.
	 */
	@Test
	@Timeout(60)
	void costWhenManyElementsAreInTheQueueStaysLow() {
		int count = 300_000;
		DeadlineQueue<Object> queue = new DeadlineQueue<>();
		List<Object> elements = IntStream.range(0, count).mapToObj((i) -> new Object()).toList();
		Random random = new Random(42);
		elements.forEach((element) -> queue.add(element, random.nextInt(count)));
		for (int i = count / 2; i < count; i++) {
			queue.remove(elements.get(i));
			queue.add(elements.get(i), random.nextInt(count));
			queue.remove(elements.get(i));
		}
		int left = 0;
		long last = Long.MIN_VALUE;
		while (queue.nanosUntilNext(0) != Long.MAX_VALUE) {
			long due = queue.nanosUntilNext(0);
			assertThat(due).isGreaterThanOrEqualTo(last);
			last = due;
			queue.pollFirst();
			left++;
		}
		assertThat(left).isEqualTo(count / 2);
	}

	private List<String> pollAllDue(long now) {
		List<String> due = new ArrayList<>();
		String element;
		while ((element = this.queue.pollDue(now)) != null) {
			due.add(element);
		}
		return due;
	}

}
