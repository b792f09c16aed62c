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
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.benchmarks.result.Sample;
import io.github.tlsshutdown.benchmarks.result.Statistics;

/**
 * The values a directive asks for, by two of their properties.
 */
final class Selection {

	private final Directive directive;

	private final List<Sample> samples;

	private Selection(Directive directive, List<Sample> samples) {
		this.directive = directive;
		this.samples = samples;
	}

	static Selection of(Directive directive, List<Sample> samples) {
		return new Selection(directive,
				samples.stream()
					.filter((sample) -> isWanted(directive.list("scenario"), sample.scenario()))
					.filter((sample) -> isWanted(directive.list("variant"), sample.variant()))
					.filter((sample) -> isWanted(directive.list("metric"), sample.metric()))
					.toList());
	}

	private static boolean isWanted(List<String> wanted, String value) {
		return wanted.isEmpty() || wanted.contains(value);
	}

	boolean isEmpty() {
		return this.samples.isEmpty();
	}

	List<String> rows() {
		return this.samples.stream().map(property("rows")).distinct().toList();
	}

	List<String> columns() {
		return this.samples.stream().map(property("columns")).distinct().toList();
	}

	String unit() {
		return this.samples.get(0).unit();
	}

	@Nullable Summary value(String row, String column) {
		List<Sample> cell = cell(row, column);
		return cell.isEmpty() ? null : Summary.of(cell.stream().map(Sample::value).toList(), cell.get(0).unit());
	}

	/**
	 * Return ratios to the baseline, each to the value of the same round.
	 * @param row the row
	 * @param column the column
	 * @return the ratios, or {@code null} if there are none
	 */
	@Nullable Summary ratio(String row, String column) {
		return compare(row, column, (value, baseline) -> value / baseline, "");
	}

	/**
	 * Return differences from the baseline, each from the value of the same round.
	 * @param row the row
	 * @param column the column
	 * @return the differences, or {@code null} if there are none
	 */
	@Nullable Summary difference(String row, String column) {
		return compare(row, column, (value, baseline) -> value - baseline, unit());
	}

	private @Nullable Summary compare(String row, String column, DoubleBinaryOperator comparison, String unit) {
		Map<String, List<Double>> baseline = new LinkedHashMap<>();
		for (Sample sample : this.samples) {
			if (sample.variant().equals(this.directive.get("baseline"))) {
				baseline.computeIfAbsent(partner(sample), (key) -> new ArrayList<>()).add(sample.value());
			}
		}
		List<Double> results = new ArrayList<>();
		for (Sample sample : cell(row, column)) {
			List<Double> partners = baseline.get(partner(sample));
			if (partners != null) {
				results.add(comparison.applyAsDouble(sample.value(), Statistics.median(partners)));
			}
		}
		return results.isEmpty() ? null : Summary.of(results, unit);
	}

	private static String partner(Sample sample) {
		return sample.scenario() + "|" + sample.metric() + "|" + sample.round();
	}

	private List<Sample> cell(String row, String column) {
		return this.samples.stream()
			.filter((sample) -> property("rows").apply(sample).equals(row))
			.filter((sample) -> property("columns").apply(sample).equals(column))
			.toList();
	}

	private Function<Sample, String> property(String axis) {
		return switch (this.directive.get(axis)) {
			case "scenario" -> Sample::scenario;
			case "variant" -> Sample::variant;
			case "metric" -> Sample::metric;
			default -> throw new IllegalArgumentException("Neither scenario, variant nor metric: " + this.directive);
		};
	}

}
