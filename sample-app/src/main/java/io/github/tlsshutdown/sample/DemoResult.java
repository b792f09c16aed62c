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
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;

/**
 * How a connection of the demo ended.
 *
 * @param outcome its outcome, or {@code unknown}
 * @param policy the policy it was ended by, or {@code unknown}
 * @param duration how long the server took to end it
 * @param answer whether the answer {@code arrived} whole, was {@code lost}, or
 * {@code none} was asked for
 * @param reset whether the server reset the connection
 * @param steps what both sides did, as the client saw it
 */
record DemoResult(String outcome, String policy, Duration duration, String answer, boolean reset,
		List<DemoStep> steps) {

	private static final String UNKNOWN = "unknown";

	/**
	 * Describe a connection.
	 * @param event how the server ended it, or {@code null} if it reported nothing
	 * @param client what the client saw, or {@code null} if there was none
	 * @return the description
	 */
	static DemoResult of(@Nullable TlsShutdownEvent event, @Nullable DemoClient client) {
		return new DemoResult((event != null) ? Names.of(event.outcome()) : UNKNOWN,
				(event != null) ? Names.of(event.policy()) : UNKNOWN,
				(event != null) ? event.duration() : Duration.ZERO, (client != null) ? client.answer() : "none",
				client != null && client.isReset(), (client != null) ? client.steps() : List.of());
	}

}
