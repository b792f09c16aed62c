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
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Things that may fail, or never end.
 */
public final class Attempts {

	private Attempts() {
	}

	/**
	 * Try something several times.
	 * @param <T> what an attempt has as its result
	 * @param threads how many attempts are made at once
	 * @param count how many attempts are made
	 * @param limit after which those that have not ended are interrupted, which closes
	 * their sockets
	 * @param attempt one attempt
	 * @return the results of those that did not fail
	 * @throws IOException if the caller is interrupted
	 */
	public static <T> List<T> run(int threads, int count, Duration limit, Callable<T> attempt) throws IOException {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		List<T> results = new ArrayList<>();
		try {
			for (Future<T> future : executor.invokeAll(Collections.nCopies(count, attempt), limit.toMillis(),
					TimeUnit.MILLISECONDS)) {
				try {
					results.add(future.get());
				}
				catch (ExecutionException | CancellationException ex) {
					// It is the number of the others that counts
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException();
		}
		finally {
			executor.shutdownNow();
		}
		return results;
	}

}
