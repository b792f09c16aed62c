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

package io.github.tlsshutdown.autoconfigure;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Describes the allowed values of properties.
 */
final class AllowedValues {

	private AllowedValues() {
	}

	/**
	 * Return what is allowed for a property.
	 * @param name the last part of its name, such as {@code max-wait}
	 * @return a noun phrase such as {@code a size such as 64MB, at least 1B}, or
	 * {@code null} for an unknown property
	 */
	static @Nullable String of(String name) {
		return switch (name) {
			case "enabled", "linger", "drain-idle" -> "true or false";
			case "policy" -> Stream.of(TlsShutdownPolicy.values())
				.map((policy) -> policy.name().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", ", "one of ", ""));
			case "timeout" -> "a duration such as 3s, more than 0 and at most 1h";
			case "max-wait" -> "a duration such as 30s, at least as long as timeout and at most 1h";
			case "max-pending" -> "a whole number such as 10000, at least 1 and at most " + Integer.MAX_VALUE;
			case "max-discard" -> "a size such as 64MB, at least 1B";
			default -> null;
		};
	}

}
