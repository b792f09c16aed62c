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
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation says.
 */
public final class Documentation {

	private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

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
			.matcher(read("docs/" + page))
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
		return TEST.matcher(read("docs/" + page))
			.results()
			.map((test) -> test.group(1) + "." + test.group(2))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Return the first table of a page whose heading row begins with some cells.
	 * @param page path of the page
	 * @param heading the cells
	 * @return the rows below the heading, each with its cells
	 * @throws IOException if there is no such page
	 */
	public static List<List<String>> table(String page, String... heading) throws IOException {
		String start = "| " + String.join(" | ", heading) + " |";
		List<List<String>> rows = read(page).lines()
			.dropWhile((line) -> !line.startsWith(start))
			.takeWhile((line) -> line.startsWith("|"))
			.skip(2)
			.map((line) -> Stream.of(line.substring(1).split("\\|")).map(String::trim).toList())
			.toList();
		assertThat(rows).as(page).isNotEmpty();
		return rows;
	}

	/**
	 * Return every page.
	 * @return the paths, relative to the project's directory
	 * @throws IOException if they cannot be listed
	 */
	public static List<Path> pages() throws IOException {
		try (Stream<Path> top = Files.list(PROJECT); Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
			return Stream.concat(top, docs)
				.filter((path) -> path.toString().endsWith(".md"))
				.map(PROJECT::relativize)
				.toList();
		}
	}

	/**
	 * Return a page.
	 * @param page its path, relative to the project's directory
	 * @return its text
	 * @throws IOException if there is no such page
	 */
	public static String read(String page) throws IOException {
		return Files.readString(PROJECT.resolve(page));
	}

	/**
	 * Resolve a path.
	 * @param path relative to the project's directory
	 * @return the path
	 */
	public static Path resolve(Path path) {
		return PROJECT.resolve(path);
	}

}
