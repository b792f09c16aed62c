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

package io.github.tlsshutdown.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does something on several threads at once.
 */
public final class Workers {

	private Workers() {
	}

	/**
	 * Run a job on each of several threads, and wait for all of them.
	 * @param threads number of threads
	 * @param job told which thread it is, from 0
	 * @throws IOException if one of them fails
	 */
	public static void run(int threads, Job job) throws IOException {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> results = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int index = i;
				results.add(executor.submit(() -> {
					job.run(index);
					return null;
				}));
			}
			for (Future<?> result : results) {
				result.get();
			}
		}
		catch (ExecutionException | InterruptedException ex) {
			throw new IOException(ex);
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * What one thread does.
	 */
	@FunctionalInterface
	public interface Job {

		/**
		 * Do it.
		 * @param index which thread this is
		 * @throws Exception if it fails
		 */
		void run(int index) throws Exception;

	}

}
