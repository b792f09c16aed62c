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

package io.github.tlsshutdown.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Examples as the documentation has them.
 */
public final class Documentation {

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)\\.(\\w+)`");

	private Documentation() {
	}

	/**
	 * Return the first example of a configuration file on a page.
	 * @param page name of the page
	 * @return the example
	 * @throws IOException if there is no such page
	 */
	public static String firstYaml(String page) throws IOException {
		return examples(page, "yaml").get(0);
	}

	/**
	 * Return the examples of one language on a page.
	 * @param page name of the page
	 * @param language the language, as the page has it
	 * @return the examples, of which there is one at least
	 * @throws IOException if there is no such page
	 */
	public static List<String> examples(String page, String language) throws IOException {
		List<String> examples = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
			.matcher(read(page))
			.results()
			.map((example) -> example.group(1))
			.toList();
		assertThat(examples).isNotEmpty();
		return examples;
	}

	/**
	 * Return the tests that a page names, such as {@code FooTests.methodOfIt}.
	 * @param page name of the page
	 * @return the names
	 * @throws IOException if there is no such page
	 */
	public static Set<String> testsNamed(String page) throws IOException {
		return TEST.matcher(read(page))
			.results()
			.map((test) -> test.group(1) + "." + test.group(2))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String read(String page) throws IOException {
		return Files.readString(Path.of("..", "docs", page));
	}

}
