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

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a deadline costs while there are many others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeadlineQueueBenchmark {

	/** How many others there are. */
	@Param({ "1000", "10000", "100000" })
	public int size;

	private DeadlineQueue<Object> queue = new DeadlineQueue<>();

	private long nanos;

	/**
	 * Fill the queue.
	 */
	@Setup
	public void fill() {
		this.queue = new DeadlineQueue<>();
		for (this.nanos = 0; this.nanos < this.size; this.nanos++) {
			this.queue.add(new Object(), this.nanos);
		}
	}

	/**
	 * A peer that answers, somewhere among others.
	 */
	@Benchmark
	public void addAndRemove() {
		Object element = new Object();
		this.queue.add(element, ThreadLocalRandom.current().nextLong(this.nanos));
		this.queue.remove(element);
	}

	/**
	 * A peer that has come on meanwhile: its deadline is noted anew when it is reached.
	 * @return the peer
	 */
	@Benchmark
	public Object pollAndAdd() {
		Object element = this.queue.pollFirst();
		if (element == null) {
			throw new IllegalStateException("The queue is empty");
		}
		this.queue.add(element, this.nanos++);
		return element;
	}

}
