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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Chromium, as Debian has it, without a window and with a profile of its own. Where it is
 * not installed, whoever opens it is skipped.
 */
final class SampleBrowser implements AutoCloseable {

	static final Path BROWSER = Path.of("/usr/bin/chromium");

	static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final ChromeDriver driver;

	private SampleBrowser(ChromeDriver driver) {
		this.driver = driver;
	}

	static void assumeInstalled() {
		for (Path program : List.of(BROWSER, DRIVER)) {
			boolean installed = Files.isExecutable(program);
			if (!installed) {
				// Reports do not tell why a whole class was skipped
				Logger.getLogger(SampleBrowser.class.getName())
					.warning("Tests of the page are SKIPPED because " + program
							+ " is missing: install Debian's packages chromium and chromium-driver");
			}
			assumeThat(installed).isTrue();
		}
	}

	static SampleBrowser open() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(BROWSER.toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
				"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--ignore-certificate-errors", "--window-size=1440,1080");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
		// Not looked for, and not downloaded; it also makes the profile, and deletes it
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile())
			.usingAnyFreePort()
			.build();
		return new SampleBrowser(new ChromeDriver(service, options));
	}

	ChromeDriver driver() {
		return this.driver;
	}

	WebElement find(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	String text(String selector) {
		return find(selector).getText();
	}

	void awaitText(String selector, String pattern) {
		await().atMost(LIMIT).untilAsserted(() -> assertThat(text(selector)).matches(pattern));
	}

	/**
	 * Lay the page out for a screen of some size.
	 * @param width the width in CSS pixels, which may be less than a window's
	 * @param height the height in CSS pixels
	 */
	void setSize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	void setColorScheme(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Return what the browser has complained of since this was last called.
	 * @return errors, such as what the content security policy forbids
	 */
	List<String> takeErrors() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
