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

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

import io.github.tlsshutdown.TlsShutdownOutcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample application: its page, in a browser.
 */
class SamplePageIT {

	private static final Duration LIMIT = Duration.ofSeconds(100);

	private static final String ENDPOINT = "/actuator/tlsshutdown";

	@TempDir
	private static Path directory;

	private static SampleProcess application;

	private static SampleHttp http;

	private static SampleBrowser browser;

	@BeforeAll
	static void start() throws IOException {
		SampleBrowser.assumeInstalled();
		// As much as the browser uploads can be discarded
		application = SampleProcess.start("page", directory, "--tls.shutdown.max-discard=24MB");
		http = new SampleHttp(application);
		browser = SampleBrowser.open();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		if (application != null) {
			application.close();
		}
	}

	@BeforeEach
	void open() throws Exception {
		browser.setWidth(1440);
		browser.setColorScheme("light");
		switchPolicy("bidirectional", "30s");
		browser.driver().get(http.uri("/").toString());
		browser.awaitText("#status", "Live");
		awaitSelected("bidirectional");
	}

	@AfterEach
	void browserHasNothingToComplainOf() {
		// What it is told by the server when an upload is refused is no mistake of the
		// page
		assertThat(browser.takeErrors()).allSatisfy((error) -> assertThat(error).contains("/reject", "413"));
	}

	@Test
	void pageTellsOfConnectorAndConnection() throws Exception {
		JsonNode connector = connector();
		assertThat(browser.text("#settings")).contains("30 s without progress", "30 s in all", "8,192 connections",
				"24 MB");
		assertThat(browser.text("#tls")).isEqualTo("TLSv1.3");
		assertThat(browser.text("#cipher")).startsWith("TLS_");
		assertThat(browser.text("#http")).isEqualTo("HTTP/1.1");
		assertThat(browser.text("#connector")).isEqualTo(connector.at("/name").asString());
		assertThat(browser.text("#pending")).matches("\\d+");
		assertThat(browser.driver().findElements(By.cssSelector("#outcomes tr"))).hasSize(10)
			.extracting((row) -> row.getAttribute("data-outcome"))
			.containsExactlyElementsOf(List.of(TlsShutdownOutcome.values())
				.stream()
				.map((outcome) -> outcome.name().toLowerCase(Locale.ROOT))
				.toList());
	}

	@Test
	void policyIsSwitchedAtEndpoint() throws Exception {
		for (String policy : List.of("quiet", "unidirectional", "bidirectional")) {
			browser.find("input[value=" + policy + "]").click();
			browser.awaitText("#result", "The policy is " + policy + " now.*");
			assertThat(connector().at("/effective/policy").asString()).isEqualTo(policy);
		}
		await().atMost(LIMIT).until(() -> !marks().isEmpty());
	}

	@Test
	void policySwitchedElsewhereIsShown() throws Exception {
		switchPolicy("unidirectional", "30s");
		awaitSelected("unidirectional");
		assertThat(browser.driver().findElements(By.cssSelector("input:checked"))).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "answers, bidirectional, completed", "answers, unidirectional, sent", "answers, quiet, quiet",
			"close_notify_first, bidirectional, completed", "silent, bidirectional, timed_out",
			"fin, bidirectional, unclean", "rst, bidirectional, reset", "fatal_alert, bidirectional, failed",
			"upload, bidirectional, completed", "endless_upload, bidirectional, overflow",
			"port_scan, bidirectional, no_handshake", "plain_http, bidirectional, no_handshake" })
	void demoConnectionsAreCountedAndDrawn(String ending, String policy, String outcome) throws Exception {
		// Others may be slow, but are not to be late
		switchPolicy(policy, ending.equals("silent") ? "1s" : "30s");
		awaitSelected(policy);
		long before = total(outcome);
		int drawn = bars(outcome);
		int count = ending.equals("endless_upload") ? 1 : 3;
		play("[data-ending=" + ending + "]", ".*: " + count + " × " + outcome + "\\..*");
		await().atMost(LIMIT).untilAsserted(() -> assertThat(total(outcome)).isGreaterThanOrEqualTo(before + count));
		await().atMost(LIMIT).untilAsserted(() -> assertThat(bars(outcome)).isGreaterThan(drawn));
	}

	@Test
	void demoUploadTellsWhetherAnswersArrived() {
		play("[data-ending=upload]", "Refused upload: 3 × completed\\. The answer arrived whole for 3 of 3\\.");
	}

	@ParameterizedTest
	@CsvSource({ "bye, The server answered “bye” and closed\\.", "upload, 'The answer 413 arrived, 98 KB\\.'",
			"abort, The browser broke off\\." })
	void browserConnectionsAreCountedAndListed(String action, String seen) {
		play("[data-browser=" + action + "]", ".*: " + seen + " The server counted \\d+ × \\w+.*");
		assertThat(browser.find("#ends td:not(.empty)").isDisplayed()).isTrue();
	}

	@Test
	void endsInWhichSomethingWasLostAreListed() {
		play("[data-ending=fin]", ".*unclean.*");
		play("[data-ending=fatal_alert]", ".*failed.*");
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(browser.text("#recent tr:first-child"))
				.matches("\\d\\d:\\d\\d:\\d\\d failed client bidirectional TLSv1.3 .*s none 0 bytes"));
	}

	@Test
	void chartIsAlsoTable() {
		play("[data-ending=rst]", ".*3 × reset.*");
		browser.find("#as-table summary").click();
		await().atMost(LIMIT)
			// Rows are made anew while they are read
			.ignoreException(StaleElementReferenceException.class)
			.untilAsserted(() -> assertThat(cells("#history tr:nth-child(7) > *")).startsWith("reset")
				.satisfies((row) -> assertThat(row.subList(1, 4).stream().mapToInt(Integer::parseInt).sum())
					.isGreaterThanOrEqualTo(3)));
	}

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
		browser.awaitText("#result", "The policy is quiet now.*");
		assertThat(connector().at("/effective/policy").asString()).isEqualTo("quiet");
		tabTo("#as-table summary");
		press(Keys.ENTER);
		await().atMost(LIMIT).until(() -> browser.find("#history").isDisplayed());
		tabTo("#count");
		press(Keys.ARROW_UP);
		tabTo("[data-ending=silent]");
		assertThat(
				(String) browser.driver().executeScript("return getComputedStyle(document.activeElement).outlineStyle"))
			.isEqualTo("solid");
		press(Keys.ENTER);
		browser.awaitText("#result", "Stay silent: 1 × quiet\\.");
		assertThat(focused().getAttribute("data-ending")).as("focus stays").isEqualTo("silent");
		tabTo("[data-browser=bye]");
		press(Keys.SPACE);
		browser.awaitText("#result", "Have the server close: .* The server counted .*quiet.*");
	}

	@ParameterizedTest
	@CsvSource({ "1440, light", "1440, dark", "360, light", "360, dark" })
	void pageIsAccessible(int width, String colorScheme) throws Exception {
		browser.setWidth(width);
		browser.setColorScheme(colorScheme);
		browser.find("#as-table summary").click();
		play("[data-ending=fin]", ".*unclean.*");
		// It would be in front of something
		browser.driver().executeScript("scrollTo(0, 0)");
		try (InputStream script = SamplePageIT.class.getResourceAsStream("/axe.min.js")) {
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
		assertThat((Long) browser.driver().executeScript("return document.documentElement.scrollWidth"))
			.isLessThanOrEqualTo(width);
	}

	@ParameterizedTest
	@ValueSource(strings = { "#status", "#result" })
	void onlyFewThingsAreAnnounced(String selector) {
		assertThat(browser.find(selector).getAriaRole()).isEqualTo("status");
		assertThat(browser.driver().findElements(By.cssSelector("[role=status], [role=alert], [aria-live], output")))
			.hasSize(2);
	}

	private static void play(String button, String result) {
		WebElement element = browser.find(button);
		// The demo has had enough from time to time
		await().atMost(LIMIT).pollInSameThread().until(() -> {
			element.click();
			await().atMost(LIMIT).until(() -> element.getAttribute("aria-disabled") == null);
			return browser.text("#result");
		}, (text) -> !text.contains("try again"));
		assertThat(browser.text("#result")).matches(result);
	}

	private static void tabTo(String selector) {
		WebElement target = browser.find(selector);
		for (int i = 0; i < 40 && !focused().equals(target); i++) {
			press(Keys.TAB);
		}
		assertThat(focused()).isEqualTo(target);
	}

	private static void press(Keys key) {
		focused().sendKeys(key);
	}

	private static WebElement focused() {
		return browser.driver().switchTo().activeElement();
	}

	private static void awaitSelected(String policy) {
		await().atMost(LIMIT).until(() -> browser.find("input[value=" + policy + "]").isSelected());
	}

	private static long total(String outcome) {
		return Long.parseLong(browser.text("[data-outcome=" + outcome + "] .total").replace(",", ""));
	}

	private static int bars(String outcome) {
		return browser.driver().findElements(By.cssSelector("[data-outcome=" + outcome + "] rect")).size();
	}

	private static List<WebElement> marks() {
		return browser.driver().findElements(By.cssSelector("[data-outcome=sent] .mark"));
	}

	private static List<String> cells(String selector) {
		return browser.driver().findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
	}

	private static void switchPolicy(String policy, String timeout) throws IOException, InterruptedException {
		assertThat(http.post(ENDPOINT, "{\"policy\":\"" + policy + "\",\"timeout\":\"" + timeout + "\"}").statusCode())
			.isEqualTo(200);
	}

	private static JsonNode connector() throws IOException, InterruptedException {
		return http.getJson(ENDPOINT).at("/connectors/0");
	}

}
