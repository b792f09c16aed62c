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

package io.github.tlsshutdown.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A line of the template that stands for something measured:
 * <code>{{kind name="value" ...}}</code>.
 *
 * @param kind what it stands for
 * @param arguments what is to be shown, and how
 */
record Directive(String kind, Map<String, String> arguments) {

	private static final Pattern LINE = Pattern.compile("\\{\\{(\\w+)(.*)}}");

	private static final Pattern ARGUMENT = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	static @Nullable Directive parse(String line) {
		Matcher matcher = LINE.matcher(line);
		if (!matcher.matches()) {
			return null;
		}
		Map<String, String> arguments = new LinkedHashMap<>();
		Matcher argument = ARGUMENT.matcher(matcher.group(2));
		while (argument.find()) {
			arguments.put(argument.group(1), argument.group(2));
		}
		return new Directive(matcher.group(1), arguments);
	}

	String get(String name) {
		String value = this.arguments.get(name);
		if (value == null) {
			throw new IllegalArgumentException("No " + name + " in " + this);
		}
		return value;
	}

	@Nullable String find(String name) {
		return this.arguments.get(name);
	}

	/**
	 * Return a list of values.
	 * @param name the argument
	 * @return the values, or an empty list if there is no such argument
	 */
	List<String> list(String name) {
		String value = this.arguments.get(name);
		return (value != null) ? List.of(value.split(";")) : List.of();
	}

}
