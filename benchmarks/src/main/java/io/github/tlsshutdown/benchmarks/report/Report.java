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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.tlsshutdown.benchmarks.result.PartResult;

/**
 * Writes the documents: the templates, with what was measured in the place of their
 * directives. A document of which nothing was measured is left as it is.
 */
public final class Report {

	private static final Path TEMPLATES = Path.of("src/report");

	private static final List<String> DOCUMENTS = List.of("benchmarks", "benchmarks-jetty", "benchmarks-reactor-netty");

	private static final String PICTURES = "benchmarks";

	private static final String ENVIRONMENT = "environment";

	private static final List<String> NOT_MEASURED = List.of("*Not measured.*");

	private final Path results;

	private final Path docs;

	/**
	 * Create a report.
	 * @param results where the results are
	 * @param docs where the documents are to be written, and their pictures below it
	 */
	public Report(Path results, Path docs) {
		this.results = results;
		this.docs = docs;
	}

	/**
	 * Write them.
	 * @throws IOException if that fails
	 */
	public void write() throws IOException {
		Map<String, PartResult> parts = read();
		Path pictures = Files.createDirectories(this.docs.resolve(PICTURES));
		for (String document : DOCUMENTS) {
			write(document, parts, pictures);
		}
	}

	private void write(String name, Map<String, PartResult> allParts, Path pictures) throws IOException {
		List<String> template = Files.readAllLines(TEMPLATES.resolve(name + ".md"));
		Map<String, PartResult> parts = new TreeMap<>(allParts);
		parts.keySet().retainAll(partsOf(template));
		if (parts.isEmpty()) {
			return;
		}
		List<String> lines = new ArrayList<>();
		for (String line : template) {
			Directive directive = Directive.parse(line);
			lines.addAll((directive != null) ? expand(directive, parts, pictures) : List.of(line));
		}
		Path document = this.docs.resolve(name + ".md");
		Files.write(document, lines);
		System.out.println("Written: " + document.toAbsolutePath().normalize());
	}

	private static Set<String> partsOf(List<String> template) {
		return template.stream()
			.map(Directive::parse)
			.filter((directive) -> directive != null && !directive.kind().equals(ENVIRONMENT))
			.map((directive) -> directive.get("part"))
			.collect(Collectors.toSet());
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
		if (directive.kind().equals(ENVIRONMENT)) {
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
		return List.of("![" + directive.get("title") + "](" + PICTURES + "/" + directive.get("file") + ")");
	}

	/**
	 * Show on what was measured, for each part where that differs.
	 * @param parts the results
	 * @return lines
	 */
	private static List<String> environment(Map<String, PartResult> parts) {
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
