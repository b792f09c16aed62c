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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Markdown tables.
 */
final class Tables {

	private static final String NOTHING = "";

	private Tables() {
	}

	/**
	 * Show the median of each cell, and the spread if there is more than one value.
	 * @param directive names rows and columns
	 * @param selection the values
	 * @return lines
	 */
	static List<String> pivot(Directive directive, Selection selection) {
		List<String> lines = new ArrayList<>();
		List<String> columns = selection.columns();
		lines.add(row(directive.find("corner"), columns));
		lines.add("| --- |" + " ---: |".repeat(columns.size()));
		for (String row : selection.rows()) {
			lines.add(row(row,
					columns.stream()
						.map((column) -> text(selection.value(row, column), directive.find("nothing")))
						.toList()));
		}
		return lines;
	}

	/**
	 * Show values, their ratios to those of the baseline, and by how much they are
	 * greater.
	 * @param directive names rows (variants), columns (one metric) and the baseline
	 * @param selection the values
	 * @return lines
	 */
	static List<String> comparison(Directive directive, Selection selection) {
		Map<String, String> budgets = new LinkedHashMap<>();
		for (String budget : directive.list("budgets")) {
			String[] parts = budget.split(":");
			budgets.put(parts[0], parts[1]);
		}
		List<String> lines = new ArrayList<>();
		String unit = selection.unit();
		List<String> head = new ArrayList<>(List.of("median, " + unit, "min–max",
				"ratio to " + directive.get("baseline"), "min–max", "more, " + unit));
		if (!budgets.isEmpty()) {
			head.add("budget");
		}
		String column = selection.columns().get(0);
		lines.add(row(column, head));
		lines.add("| --- |" + " ---: |".repeat(head.size()));
		for (String variant : selection.rows()) {
			List<String> cells = new ArrayList<>();
			addTo(cells, selection.value(variant, column), unit);
			addTo(cells, selection.ratio(variant, column), NOTHING);
			cells.add(median(selection.difference(variant, column), unit));
			if (!budgets.isEmpty()) {
				cells.add(budgets.getOrDefault(variant, NOTHING));
			}
			lines.add(row(variant, cells));
		}
		return lines;
	}

	private static void addTo(List<String> cells, @Nullable Summary summary, String unit) {
		cells.add(median(summary, unit));
		cells.add((summary != null) ? summary.spread() : NOTHING);
	}

	private static String median(@Nullable Summary summary, String unit) {
		return (summary != null) ? summary.value().replace(" " + unit, NOTHING) : NOTHING;
	}

	private static String row(@Nullable String first, List<String> cells) {
		return "| " + ((first != null) ? first : NOTHING) + " | " + String.join(" | ", cells) + " |";
	}

	private static String text(@Nullable Summary summary, @Nullable String nothing) {
		if (summary != null) {
			return summary.toString();
		}
		return (nothing != null) ? nothing : NOTHING;
	}

}
