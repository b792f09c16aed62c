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

package io.github.tlsshutdown.chaos;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was found wrong in a run: the first few findings, and whether they are enough.
 */
final class Failures {

	private static final int ENOUGH = Integer.getInteger("chaos.failures", 10);

	private final List<String> messages = new ArrayList<>();

	synchronized void add(String message, @Nullable Throwable cause) {
		if (!areEnough()) {
			this.messages.add((cause != null) ? message + ": " + describe(cause) : message);
		}
	}

	synchronized boolean areEnough() {
		return this.messages.size() >= ENOUGH;
	}

	synchronized List<String> messages() {
		return List.copyOf(this.messages);
	}

	private static String describe(Throwable cause) {
		StringBuilder text = new StringBuilder(cause.toString());
		for (StackTraceElement element : cause.getStackTrace()) {
			if (element.getClassName().startsWith("io.github.tlsshutdown")) {
				text.append("\n\tat ").append(element);
			}
		}
		return text.toString();
	}

}
