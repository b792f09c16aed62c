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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample application with its page in a browser, for tests of it.
 */
abstract class SamplePage {

	static final Duration LIMIT = Duration.ofSeconds(100);

	private static final String ENDPOINT = "/actuator/tlsshutdown";

	@TempDir
	private static Path directory;

	private static SampleProcess application;

	static SampleHttp http;

	static SampleBrowser browser;

	@BeforeAll
	static void start(TestInfo test) throws IOException {
		SampleBrowser.assumeInstalled();
		String log = test.getTestClass().orElseThrow().getSimpleName();
		// As much as the browser uploads can be discarded
		application = SampleProcess.start(log, directory, "--tls.shutdown.max-discard=24MB");
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
		browser.setSize(1440, 800);
		browser.setColorScheme("light");
		switchPolicy("bidirectional", "30s");
		switchLinger(true);
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

	static void play(String button, String result) {
		WebElement element = browser.find(button);
		// The demo has had enough from time to time
		await().atMost(LIMIT).pollInSameThread().until(() -> {
			click(element);
			awaitPlayed(element);
			return result();
		}, (text) -> !text.contains("try again"));
		assertThat(result()).matches(result);
	}

	static void click(WebElement element) {
		// Where the result does not cover it
		browser.driver().executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
		element.click();
	}

	static void awaitPlayed(WebElement button) {
		await().atMost(LIMIT).until(() -> button.getAttribute("aria-disabled") == null);
	}

	static String result() {
		return browser.text("#result").replaceAll("\\s+", " ");
	}

	static void awaitResult(String pattern) {
		await().atMost(LIMIT).untilAsserted(() -> assertThat(result()).matches(pattern));
	}

	static void tabTo(String selector) {
		WebElement target = browser.find(selector);
		for (int i = 0; i < 40 && !focused().equals(target); i++) {
			press(Keys.TAB);
		}
		assertThat(focused()).isEqualTo(target);
	}

	static void press(Keys key) {
		focused().sendKeys(key);
	}

	static WebElement focused() {
		return browser.driver().switchTo().activeElement();
	}

	static void awaitSelected(String policy) {
		await().atMost(LIMIT).until(() -> browser.find("input[value=" + policy + "]").isSelected());
	}

	static List<WebElement> findAll(String selector) {
		return browser.driver().findElements(By.cssSelector(selector));
	}

	static List<String> texts(String selector) {
		return findAll(selector).stream().map(WebElement::getText).toList();
	}

	/**
	 * Tell whether all of an element can be seen without scrolling.
	 * @param selector the element
	 * @return whether it is within the viewport, and nothing in front of it
	 */
	static boolean isInView(String selector) {
		return (Boolean) browser.driver().executeScript("""
				const element = document.querySelector(arguments[0]);
				const { left, top, right, bottom } = element.getBoundingClientRect();
				return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
					&& [top + 1, (top + bottom) / 2, bottom - 1].every((y) =>
						element.contains(document.elementFromPoint((left + right) / 2, y)));
				""", selector);
	}

	static void switchPolicy(String policy, String timeout) throws IOException, InterruptedException {
		assertThat(http.post(ENDPOINT, "{\"policy\":\"" + policy + "\",\"timeout\":\"" + timeout + "\"}").statusCode())
			.isEqualTo(200);
	}

	static void switchLinger(boolean linger) throws IOException, InterruptedException {
		assertThat(http.post("/demo/linger", "{\"linger\":" + linger + "}").statusCode()).isEqualTo(200);
	}

	static JsonNode connector() throws IOException, InterruptedException {
		return http.getJson(ENDPOINT).at("/connectors/0");
	}

	static JsonNode effective() throws IOException, InterruptedException {
		return connector().at("/effective");
	}

}
