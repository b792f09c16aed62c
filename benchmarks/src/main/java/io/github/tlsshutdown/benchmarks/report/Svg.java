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

import java.util.List;
import java.util.Locale;

/**
 * Writes a picture: plain shapes, on a ground of its own, light or dark.
 */
final class Svg {

	/** Told apart by those who see fewer colours, too. */
	private static final List<String> COLOURS = List.of("#7f8c9b", "#b8c0ca", "#0072b2", "#d55e00", "#009e73",
			"#cc79a7", "#e69f00", "#56b4e9");

	private final StringBuilder content = new StringBuilder();

	private final int width;

	private final int height;

	Svg(int width, int height) {
		this.width = width;
		this.height = height;
	}

	static String colour(int index) {
		return COLOURS.get(index % COLOURS.size());
	}

	void line(double x1, double y1, double x2, double y2, String style) {
		add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, style);
	}

	void box(double x, double y, double width, double height, String colour) {
		add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, colour);
	}

	void path(String points, String colour) {
		add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", points, colour);
	}

	void dot(double x, double y, String colour) {
		add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x, y, colour);
	}

	void text(double x, double y, String anchor, String text) {
		add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escape(text));
	}

	void title(String text) {
		add("<text x=\"%.1f\" y=\"22\" text-anchor=\"middle\" class=\"title\">%s</text>", this.width / 2.0,
				escape(text));
	}

	private void add(String format, Object... arguments) {
		this.content.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	@Override
	public String toString() {
		return """
				<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
				<rect width="100%%" height="100%%" class="page"/>
				<style>
				.page { fill: #ffffff }
				text { font: 13px sans-serif; fill: #24292f }
				.title { font-weight: bold }
				.axis { stroke: #57606a }
				.grid { stroke: #d0d7de }
				.mark { stroke: #24292f; stroke-width: 1.5 }
				@media (prefers-color-scheme: dark) {
				.page { fill: #0d1117 }
				text { fill: #e6edf3 }
				.axis { stroke: #8b949e }
				.grid { stroke: #30363d }
				.mark { stroke: #e6edf3 }
				}
				</style>
				%s</svg>
				""".formatted(this.width, this.height, this.width, this.height, this.content);
	}

}
