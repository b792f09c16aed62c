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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.github.tlsshutdown.benchmarks.result.PartResult;

/**
 * Writes the document: the template, with what was measured in the place of its
 * directives.
 */
public final class Report {

	private static final Path TEMPLATE = Path.of("src/report/benchmarks.md");

	private static final String NAME = "benchmarks";

	private static final List<String> NOT_MEASURED = List.of("*Not measured.*");

	private final Path results;

	private final Path docs;

	/**
	 * Create a report.
	 * @param results where the results are
	 * @param docs where the document is to be written, and its pictures below it
	 */
	public Report(Path results, Path docs) {
		this.results = results;
		this.docs = docs;
	}

	/**
	 * Write it.
	 * @throws IOException if that fails
	 */
	public void write() throws IOException {
		Map<String, PartResult> parts = read();
		Path pictures = Files.createDirectories(this.docs.resolve(NAME));
		List<String> lines = new ArrayList<>();
		for (String line : Files.readAllLines(TEMPLATE)) {
			Directive directive = Directive.parse(line);
			lines.addAll((directive != null) ? expand(directive, parts, pictures) : List.of(line));
		}
		Path document = this.docs.resolve(NAME + ".md");
		Files.write(document, lines);
		System.out.println("Written: " + document.toAbsolutePath().normalize());
	}

	private Map<String, PartResult> read() throws IOException {
		Map<String, PartResult> parts = new TreeMap<>();
		Files.createDirectories(this.results);
		try (Stream<Path> files = Files.list(this.results)) {
			for (Path file : files.toList()) {
				PartResult result = PartResult.read(file);
				parts.put(result.part(), result);
			}
		}
		return parts;
	}

	private List<String> expand(Directive directive, Map<String, PartResult> parts, Path pictures) throws IOException {
		if (directive.kind().equals("environment")) {
			return environment(parts);
		}
		PartResult part = parts.get(directive.get("part"));
		if (part == null) {
			return NOT_MEASURED;
		}
		Selection selection = Selection.of(directive, part.samples());
		if (selection.isEmpty()) {
			return NOT_MEASURED;
		}
		return switch (directive.kind()) {
			case "table" -> Tables.pivot(directive, selection);
			case "comparison" -> Tables.comparison(directive, selection);
			case "bars" -> picture(directive, pictures, new Chart(directive, selection).bars());
			case "lines" -> picture(directive, pictures, new Chart(directive, selection).lines());
			default -> throw new IllegalArgumentException("No such directive: " + directive);
		};
	}

	private static List<String> picture(Directive directive, Path pictures, String svg) throws IOException {
		Files.writeString(pictures.resolve(directive.get("file")), svg);
		return List.of("![" + directive.get("title") + "](" + NAME + "/" + directive.get("file") + ")");
	}

	/**
	 * Show on what was measured, for each part where that differs.
	 * @param parts the results
	 * @return lines
	 */
	private static List<String> environment(Map<String, PartResult> parts) {
		if (parts.isEmpty()) {
			return NOT_MEASURED;
		}
		List<String> lines = new ArrayList<>();
		if (parts.values().stream().anyMatch(PartResult::quick)) {
			lines.add("**These numbers are of a quick run: they only show that the benchmarks work.**");
			lines.add("");
		}
		lines.add("| | |");
		lines.add("| --- | --- |");
		for (String fact : parts.values().iterator().next().environment().keySet()) {
			List<String> values = parts.values()
				.stream()
				.map((part) -> String.valueOf(part.environment().get(fact)))
				.distinct()
				.toList();
			lines.add("| " + fact + " | " + String.join(", ", values) + " |");
		}
		return lines;
	}

}
