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

package io.github.tlsshutdown.sample;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample application: its page without a mouse, without eyes, and
 * on a phone.
 */
class SamplePageAccessIT extends SamplePage {

	@Test
	void everythingWorksWithKeyboardAlone() throws Exception {
		press(Keys.TAB);
		assertThat(focused().getText()).isEqualTo("Skip to content");
		tabTo("#pause");
		press(Keys.SPACE);
		browser.awaitText("#status", "Paused");
		assertThat(focused().getAttribute("aria-pressed")).isEqualTo("true");
		press(Keys.SPACE);
		browser.awaitText("#status", "Live");
		tabTo("input[value=bidirectional]");
		press(Keys.ARROW_DOWN);
		awaitResult("i The policy is quiet now.*");
		assertThat(effective().at("/policy").asString()).isEqualTo("quiet");
		tabTo("#linger");
		press(Keys.SPACE);
		awaitResult("i The server does not linger now.*");
		tabTo("#timeout");
		focused().sendKeys("9", Keys.ENTER);
		awaitResult("i The timeout is 9 s now.*");
		tabTo("#count");
		press(Keys.ARROW_UP);
		tabTo("[data-ending=silent]");
		assertThat(
				(String) browser.driver().executeScript("return getComputedStyle(document.activeElement).outlineStyle"))
			.isEqualTo("solid");
		press(Keys.ENTER);
		awaitResult(".* Stay silent: 1 × quiet\\.");
		assertThat(focused().getAttribute("data-ending")).as("focus stays").isEqualTo("silent");
		tabTo("[data-browser=bye]");
		press(Keys.SPACE);
		awaitResult(".* Have the server close: .* The server counted .*quiet.*");
		tabTo("#compare");
		press(Keys.ENTER);
		awaitResult("✓ Nothing lost under any policy\\. .*");
		tabTo("#comparison tr:first-child button");
		press(Keys.ENTER);
		browser.awaitText("#sequence-caption", ".* under unidirectional: sent\\. .*");
		tabTo("#as-table summary");
		press(Keys.ENTER);
		await().atMost(LIMIT).until(() -> browser.find("#history").isDisplayed());
	}

	@Test
	void focusIsNotHiddenBehindResult() {
		browser.setSize(390, 844);
		play("[data-ending=fin]", ".*unclean.*");
		tabTo("[data-browser=abort]");
		for (int i = 0; i < 25; i++) {
			focused().sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB));
			assertThat((Boolean) browser.driver().executeScript("""
					const focused = document.activeElement;
					const bar = document.getElementById('verdict');
					return bar.contains(focused)
						|| focused.getBoundingClientRect().top >= bar.getBoundingClientRect().bottom
						|| focused.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top;
					""")).as(focused().getAttribute("outerHTML")).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource({ "1440, light", "1440, dark", "360, light", "360, dark" })
	void pageIsAccessible(int width, String colorScheme) throws Exception {
		browser.setSize(width, 800);
		browser.setColorScheme(colorScheme);
		assertAccessible();
		browser.find("#as-table summary").click();
		switchLinger(false);
		browser.find("#compare-ending [value=upload]").click();
		play("#compare", "✗ .*");
		assertAccessible();
		play("[data-ending=fin]", "✓ .*");
		assertAccessible();
		assertThat((Long) browser.driver().executeScript("return document.documentElement.scrollWidth"))
			.isLessThanOrEqualTo(width);
	}

	private static void assertAccessible() throws Exception {
		// What is in front of something else is not looked at
		browser.driver().executeScript("scrollTo(0, 0)");
		// Colours may be on their way from those of the other scheme
		await().atMost(LIMIT)
			.until(() -> (Boolean) browser.driver().executeScript("return document.getAnimations().length === 0"));
		try (InputStream script = SamplePageAccessIT.class.getResourceAsStream("/axe.min.js")) {
			browser.driver().executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
		}
		Object violations = browser.driver()
			.executeAsyncScript(
					"""
							const done = arguments[0];
							axe.run(document).then((results) => done(results.violations.map((violation) =>
								violation.id + ': ' + violation.nodes.map((node) => node.html).join(' '))), (error) => done([String(error)]));
							""");
		assertThat(violations).isEqualTo(List.of());
	}

	@ParameterizedTest
	@ValueSource(strings = { "#status", "#result" })
	void onlyFewThingsAreAnnounced(String selector) {
		assertThat(browser.find(selector).getAriaRole()).isEqualTo("status");
		assertThat(findAll("[role=status], [role=alert], [aria-live], output")).hasSize(2);
	}

	@Test
	void headingsAreInOrder() {
		List<Integer> levels = findAll("h1, h2, h3, h4, h5, h6").stream()
			.map((heading) -> Integer.parseInt(heading.getTagName().substring(1)))
			.toList();
		assertThat(levels).startsWith(1, 2).filteredOn((level) -> level == 1).hasSize(1);
		for (int i = 1; i < levels.size(); i++) {
			assertThat(levels.get(i) - levels.get(i - 1)).as("step before heading %s", i).isLessThanOrEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "#outcomes th span", ".policies span > span", ".linger span > span", "#about-timeout",
			".actions li span" })
	void explanationsAreVisibleOnPhone(String selector) {
		browser.setSize(390, 844);
		assertThat(findAll(selector)).isNotEmpty().allSatisfy((explanation) -> {
			assertThat(explanation.isDisplayed()).isTrue();
			assertThat(explanation.getText()).isNotBlank();
		});
	}

	@Test
	void linksLeadSomewhere() throws Exception {
		List<String> paths = findAll("nav a").stream().map((link) -> link.getDomAttribute("href")).toList();
		assertThat(paths).contains("actuator/tlsshutdown", "actuator/metrics/tls.shutdown", "docs/how-it-works.md");
		for (String path : paths) {
			assertThat(http.get("/" + path).body()).isNotBlank();
		}
	}

	@Test
	void documentsAreShownByBrowser() {
		WebElement link = browser.find("a[href='docs/README.md']");
		link.click();
		browser.awaitText("body", "(?s)# TLS Shutdown for Spring Boot.* · .*");
		// A text cannot name its icon as the page does
		assertThat(browser.takeErrors()).allSatisfy((error) -> assertThat(error).contains("/favicon.ico"));
	}

}
