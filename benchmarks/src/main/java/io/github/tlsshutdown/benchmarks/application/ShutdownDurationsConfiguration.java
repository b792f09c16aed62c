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

package io.github.tlsshutdown.benchmarks.application;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;

/**
 * Records durations where there is a starter to tell them, and only if asked to.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "io.github.tlsshutdown.TlsShutdownListener")
@ConditionalOnProperty("benchmark.record-durations")
class ShutdownDurationsConfiguration {

	@Bean
	Recorder shutdownDurations() {
		return new Recorder();
	}

	/**
	 * Keeps every duration until it is told to forget.
	 */
	static class Recorder implements TlsShutdownListener, ShutdownDurations {

		private final Queue<Long> durations = new ConcurrentLinkedQueue<>();

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			if (event.outcome() == TlsShutdownOutcome.COMPLETED && event.discardedBytes() == 0) {
				this.durations.add(event.duration().toNanos());
			}
		}

		@Override
		public long forget() {
			long size = this.durations.size();
			this.durations.clear();
			return size;
		}

		@Override
		public long p99Nanos() {
			long[] sorted = this.durations.stream().mapToLong(Long::longValue).sorted().toArray();
			return (sorted.length > 0) ? sorted[(int) Math.ceil(sorted.length * 0.99) - 1] : -1;
		}

	}

}
