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

import java.io.EOFException;
import java.time.LocalTime;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many requests of a client have failed, and why.
 */
final class Count {

	private final String client;

	private final Map<String, Integer> causes = new TreeMap<>();

	private int all;

	Count(String client) {
		this.client = client;
	}

	synchronized void succeeded() {
		this.all++;
	}

	synchronized void failed(String cause) {
		this.all++;
		this.causes.merge(cause, 1, Integer::sum);
		if (Boolean.getBoolean("verbose")) {
			System.err.println(LocalTime.now() + " " + this.client + ": " + cause);
		}
	}

	/**
	 * Add a request of a program.
	 * @param outcome its status, or what the program says about its failure
	 */
	void add(String outcome) {
		if (outcome.equals("200")) {
			succeeded();
		}
		else {
			failed(withoutNumbers(outcome));
		}
	}

	synchronized void add(Count other) {
		this.all += other.all;
		other.causes.forEach((cause, number) -> this.causes.merge(cause, number, Integer::sum));
	}

	Map<String, Integer> causes() {
		return this.causes;
	}

	/**
	 * Describe a failure, by its exception and the first cause of that.
	 */
	static String cause(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		String last = (root instanceof EOFException) ? "EOFException" : describe(root);
		return describe(failure).equals(last) ? last : describe(failure) + " (" + last + ")";
	}

	private static String describe(Throwable failure) {
		String message = failure.getMessage();
		return failure.getClass().getSimpleName() + ((message != null) ? ": " + withoutNumbers(message) : "");
	}

	// Of ports and streams
	private static String withoutNumbers(String message) {
		return message.replaceAll("([:=])[0-9]+", "$1n");
	}

	@Override
	public synchronized String toString() {
		int failed = this.causes.values().stream().mapToInt(Integer::intValue).sum();
		return "%,d of %,d".formatted(failed, this.all);
	}

}
