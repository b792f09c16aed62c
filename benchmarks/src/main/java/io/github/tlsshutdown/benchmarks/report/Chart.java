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
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Draws what a directive asks for.
 */
final class Chart {

	private static final int WIDTH = 760;

	private static final int HEIGHT = 360;

	private static final int LEFT = 70;

	private static final int RIGHT = WIDTH - 20;

	private static final int TOP = 70;

	private static final int BOTTOM = HEIGHT - 40;

	/** Have the same colour in every picture. */
	private static final List<String> VARIANTS = List.of("none", "none again", "unidirectional", "bidirectional",
			"quiet");

	private final Svg svg = new Svg(WIDTH, HEIGHT);

	private final Directive directive;

	private final Selection selection;

	private final List<String> rows;

	private final List<String> columns;

	private final double lowest;

	private final double highest;

	Chart(Directive directive, Selection selection) {
		this.directive = directive;
		this.selection = selection;
		this.rows = selection.rows();
		this.columns = selection.columns();
		List<Summary> all = new ArrayList<>();
		for (String row : this.rows) {
			this.columns.stream().map((column) -> summary(row, column)).filter(Objects::nonNull).forEach(all::add);
		}
		double max = all.stream().mapToDouble(Summary::max).max().orElse(1);
		double min = all.stream().mapToDouble(Summary::min).min().orElse(0);
		// Ratios differ by so little that bars from zero would all look alike
		this.lowest = isRatio() ? Math.floor(Math.min(min, 0.95) * 20) / 20 : 0;
		this.highest = isRatio() ? Math.ceil(Math.max(max, 1.05) * 20) / 20 : nice(max);
	}

	/**
	 * Draw a group of bars for each row, with the spread of each bar.
	 * @return the picture
	 */
	String bars() {
		frame();
		double group = (double) (RIGHT - LEFT) / this.rows.size();
		double bar = Math.min(40, group * 0.8 / this.columns.size());
		for (int i = 0; i < this.rows.size(); i++) {
			double middle = LEFT + group * (i + 0.5);
			this.svg.text(middle, BOTTOM + 20, "middle", this.rows.get(i));
			double left = middle - bar * this.columns.size() / 2;
			for (int j = 0; j < this.columns.size(); j++) {
				bar(left + j * bar, bar, summary(this.rows.get(i), this.columns.get(j)), colour(j));
			}
		}
		return this.svg.toString();
	}

	private String colour(int column) {
		int variant = VARIANTS.indexOf(this.columns.get(column));
		return Svg.colour((variant != -1) ? variant : column + 2);
	}

	private void bar(double left, double width, @Nullable Summary summary, String colour) {
		if (summary == null) {
			return;
		}
		double base = isRatio() ? 1 : this.lowest;
		double top = y(Math.max(summary.median(), base));
		this.svg.box(left + 2, top, width - 4, y(Math.min(summary.median(), base)) - top, colour);
		if (summary.count() > 1) {
			double middle = left + width / 2;
			this.svg.line(middle, y(summary.min()), middle, y(summary.max()), "mark");
			for (double end : new double[] { summary.min(), summary.max() }) {
				this.svg.line(middle - 4, y(end), middle + 4, y(end), "mark");
			}
		}
	}

	/**
	 * Draw a line for each column; the rows are numbers.
	 * @return the picture
	 */
	String lines() {
		frame();
		double last = this.rows.stream().mapToDouble(Double::parseDouble).max().orElse(1);
		boolean logarithmic = "log".equals(this.directive.find("x"));
		double first = this.rows.stream().mapToDouble(Double::parseDouble).min().orElse(1);
		for (String row : this.rows) {
			this.svg.text(x(row, first, last, logarithmic), BOTTOM + 20, "middle",
					Summary.format(Double.parseDouble(row)));
		}
		for (int j = 0; j < this.columns.size(); j++) {
			StringBuilder points = new StringBuilder();
			for (String row : this.rows) {
				Summary summary = summary(row, this.columns.get(j));
				if (summary != null) {
					double x = x(row, first, last, logarithmic);
					points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(summary.median())));
					this.svg.dot(x, y(summary.median()), colour(j));
				}
			}
			this.svg.path(points.toString().strip(), colour(j));
		}
		return this.svg.toString();
	}

	private static double x(String row, double first, double last, boolean logarithmic) {
		double value = Double.parseDouble(row);
		double share = logarithmic ? 0.05 + 0.9 * Math.log(value / first) / Math.log(last / first) : value / last;
		return LEFT + (RIGHT - LEFT - 20) * share;
	}

	private void frame() {
		this.svg.title(this.directive.get("title"));
		double legend = LEFT;
		for (int j = 0; j < this.columns.size(); j++) {
			this.svg.box(legend, 38, 12, 12, colour(j));
			this.svg.text(legend + 18, 49, "start", this.columns.get(j));
			legend += 40 + 7 * this.columns.get(j).length();
		}
		double step = step();
		for (double value = this.lowest; value <= this.highest + step / 1000; value += step) {
			this.svg.line(LEFT, y(value), RIGHT, y(value), "grid");
			this.svg.text(LEFT - 8, y(value) + 4, "end",
					isRatio() ? String.format(Locale.ROOT, "%.2f", value) : Summary.format(value));
		}
		this.svg.line(LEFT, y(isRatio() ? 1 : this.lowest), RIGHT, y(isRatio() ? 1 : this.lowest), "axis");
	}

	private double step() {
		if (!isRatio()) {
			return this.highest / 5;
		}
		double range = this.highest - this.lowest;
		return (range > 1) ? 0.25 : (range > 0.4) ? 0.1 : 0.05;
	}

	private double y(double value) {
		return BOTTOM - (BOTTOM - TOP) * (value - this.lowest) / (this.highest - this.lowest);
	}

	private @Nullable Summary summary(String row, String column) {
		return isRatio() ? this.selection.ratio(row, column) : this.selection.value(row, column);
	}

	private boolean isRatio() {
		return this.directive.find("baseline") != null;
	}

	private static double nice(double max) {
		if (max <= 0) {
			return 1;
		}
		double power = Math.pow(10, Math.floor(Math.log10(max)));
		for (double factor : new double[] { 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10 }) {
			if (factor * power >= max) {
				return factor * power;
			}
		}
		return 10 * power;
	}

}
