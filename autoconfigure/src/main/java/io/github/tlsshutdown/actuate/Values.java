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

package io.github.tlsshutdown.actuate;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Parses and formats values of requests to the endpoint, and creates their error
 * messages.
 */
final class Values {

	private Values() {
	}

	/**
	 * Return the text for a constant.
	 * @param constant the constant
	 * @return its name, in lower case
	 */
	static String of(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	static <E extends Enum<E>> E parse(String name, String value, E[] allowed) {
		return Arrays.stream(allowed)
			.filter((candidate) -> candidate.name().equalsIgnoreCase(value.trim()))
			.findFirst()
			.orElseThrow(() -> notOneOf(name, value, Stream.of(allowed).map(Values::of).toList()));
	}

	static InvalidEndpointRequestException notOneOf(String name, String value, Collection<String> allowed) {
		return invalid(name, value, allowed.stream().collect(Collectors.joining(", ", "must be one of ", "")));
	}

	static InvalidEndpointRequestException invalid(String name, String value, String allowed) {
		return invalid("Invalid " + name + " '" + value + "': " + allowed);
	}

	static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

}
