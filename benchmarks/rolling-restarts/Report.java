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

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables: a column for each server, without the starter and with.
 */
final class Report {

	private final List<Column> columns = new ArrayList<>();

	/** By heading and client. */
	private final Map<String, Map<String, Map<Column, Count>>> tables = new LinkedHashMap<>();

	void add(String heading, String server, boolean starter, Map<String, Count> counts) {
		Column column = new Column(name(server), starter);
		if (!this.columns.contains(column)) {
			this.columns.add(column);
		}
		Map<String, Map<Column, Count>> table = this.tables.computeIfAbsent(heading, (key) -> new LinkedHashMap<>());
		counts.forEach(
				(client, count) -> table.computeIfAbsent(client, (key) -> new LinkedHashMap<>()).put(column, count));
	}

	private static String name(String server) {
		return switch (server) {
			case "tomcat" -> "Tomcat";
			case "jetty" -> "Jetty";
			default -> "Reactor Netty";
		};
	}

	void print() {
		this.tables.forEach((heading, table) -> {
			System.out.println(heading + ":\n");
			row("client", this.columns.stream().map(Column::toString).toList());
			row("---", Collections.nCopies(this.columns.size(), "---"));
			table.forEach((client, counts) -> row(client,
					this.columns.stream().map((column) -> String.valueOf(counts.get(column))).toList()));
			row("all", this.columns.stream().map((column) -> sum(table, column).toString()).toList());
			System.out.println();
		});
		System.out.println("What the clients reported when a request failed:\n");
		row("server", List.of("starter", "client", "failures"));
		row("---", List.of("---", "---", "---"));
		for (Column column : this.columns) {
			byClient(column).forEach((client, count) -> {
				if (!count.causes().isEmpty()) {
					row(column.server(), List.of(column.starter() ? "with" : "without", client, causes(count)));
				}
			});
		}
	}

	private static Count sum(Map<String, Map<Column, Count>> table, Column column) {
		Count sum = new Count("all");
		table.values().forEach((counts) -> sum.add(counts.get(column)));
		return sum;
	}

	private Map<String, Count> byClient(Column column) {
		Map<String, Count> clients = new LinkedHashMap<>();
		this.tables.values()
			.forEach((table) -> table.forEach((client,
					counts) -> clients.computeIfAbsent(client, Count::new).add(counts.get(column))));
		return clients;
	}

	private static String causes(Count count) {
		return count.causes()
			.entrySet()
			.stream()
			.map((cause) -> cause.getValue() + " × `" + cause.getKey() + "`")
			.collect(Collectors.joining("; "));
	}

	private static void row(String first, List<String> others) {
		System.out.println("| " + first + " | " + String.join(" | ", others) + " |");
	}

	private record Column(String server, boolean starter) {

		@Override
		public String toString() {
			return this.server + ", " + (this.starter ? "with" : "without");
		}

	}

}
