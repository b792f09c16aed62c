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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample application: what its page says of an action.
 */
class SamplePageResultIT extends SamplePage {

	private static final String GREEN = "rgba(26, 107, 52, 1)";

	private static final String RED = "rgba(179, 38, 30, 1)";

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					upload         | bidirectional  | true  | ✓ Nothing lost: 3 of 3 answers arrived\\. Refused upload: 3 × completed\\.
					upload         | bidirectional  | false | ✓ Nothing lost: 3 of 3 answers arrived\\. Refused upload: 3 × completed\\.
					upload         | quiet          | true  | ✓ Nothing lost: 3 of 3 answers arrived\\. Refused upload: 3 × quiet\\.
					upload         | unidirectional | false | ✗ Lost: 3 of 3 answers\\. Refused upload: .* The server reset 3 connections\\.
					upload         | quiet          | false | ✗ Lost: 3 of 3 answers\\. Refused upload: .* The server reset 3 connections\\.
					endless_upload | bidirectional  | true  | ✗ Lost: 1 of 1 answer\\. Endless upload: 1 × overflow\\. .*
					fin            | bidirectional  | true  | ✓ Nothing lost: 3 of 3 answers arrived\\. FIN only: 3 × unclean\\.
					fatal_alert    | bidirectional  | true  | ✓ Nothing lost: 3 of 3 answers arrived\\. Fatal alert: 3 × failed\\.
					answers        | unidirectional | true  | ✓ .* Answer close_notify: 3 × sent\\. The server reset 3 connections\\.
					port_scan      | bidirectional  | true  | ✓ Nothing lost: no answer was expected\\. Port scan: 3 × no_handshake\\.
					""")
	void resultIsWhatWasLost(String ending, String policy, boolean linger, String result) throws Exception {
		switchPolicy(policy, "30s");
		switchLinger(linger);
		play("[data-ending=" + ending + "]", result);
		assertThat(browser.find("#result strong").getCssValue("color")).isEqualTo(result.startsWith("✓") ? GREEN : RED);
		assertThat(browser.find("#result .icon").getAttribute("aria-hidden")).isEqualTo("true");
	}

	@ParameterizedTest
	@CsvSource({ "1280, 900, [data-ending=answers]", "1280, 900, [data-browser=abort]", "1280, 900, #compare",
			"390, 844, [data-ending=answers]", "390, 844, [data-browser=abort]", "390, 844, #compare" })
	void resultIsInView(int width, int height, String button) {
		browser.setSize(width, height);
		play(button, "[✓✗] .*");
		assertThat(isInView("#result")).isTrue();
		if (button.equals("#compare")) {
			assertThat(isInView("#comparison-table")).isTrue();
		}
	}

	@Test
	void nothingIsInFrontOfOutcomes() {
		browser.setSize(1280, 900);
		play("#compare", "✓ .*");
		browser.driver().executeScript("document.getElementById('outcomes-title').scrollIntoView({ block: 'center' })");
		assertThat(isInView(".outcomes thead")).isTrue();
		assertThat(isInView(".outcomes .figures")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "1280, 900", "390, 844" })
	void changeOfSettingsIsInView(int width, int height) {
		browser.setSize(width, height);
		click(browser.find("#linger"));
		awaitResult("i The server does not linger now\\. .*");
		assertThat(isInView("#result")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "1280, 900", "390, 844" })
	void emptyPageHasOneCallToAction(int width, int height) {
		browser.setSize(width, height);
		assertThat(findAll(".primary")).hasSize(1);
		assertThat(isInView("#start")).isTrue();
		browser.find("#start").click();
		awaitResult("✓ Nothing lost under any policy\\. .*|i .*");
		assertThat(browser.find("#start").isDisplayed()).isFalse();
		assertThat(focused().getAttribute("id")).isEqualTo("compare");
	}

	@Test
	void comparisonShowsAnswersAndResets() throws Exception {
		play("#compare",
				"✓ Nothing lost under any policy\\. Answer close_notify: unidirectional 3/3, bidirectional 3/3,"
						+ " quiet 3/3 answers arrived; 3, 0, 3 resets\\.");
		assertRows("unidirectional ✓ 3/3 3 .*s", "bidirectional ✓ 3/3 0 .*s", "quiet ✓ 3/3 3 .*s");
		assertThat(effective().at("/policy").asString()).isEqualTo("bidirectional");
	}

	@Test
	void comparisonShowsLostAnswers() throws Exception {
		switchLinger(false);
		browser.find("#compare-ending [value=upload]").click();
		play("#compare", "✗ Answers lost under unidirectional and quiet\\. Refused upload: unidirectional 0/3,"
				+ " bidirectional 3/3, quiet 0/3 answers arrived; 3, 0, 3 resets\\.");
		assertRows("unidirectional ✗ 0/3 3 .*s", "bidirectional ✓ 3/3 0 .*s", "quiet ✗ 0/3 3 .*s");
		assertThat(browser.find("#comparison tr:nth-child(1) td").getCssValue("color")).isEqualTo(RED);
		assertThat(browser.find("#comparison tr:nth-child(2) td").getCssValue("color")).isEqualTo(GREEN);
	}

	@Test
	void sequenceOfEachPolicyIsShown() {
		play("#compare", "✓ .*");
		List<WebElement> buttons = findAll("#comparison button");
		assertThat(buttons).extracting(WebElement::getAccessibleName)
			.containsExactly("unidirectional: show the sequence", "bidirectional: show the sequence",
					"quiet: show the sequence");
		click(buttons.get(0));
		browser.awaitText("#sequence-caption",
				"Answer close_notify under unidirectional: sent\\. The server took .*s to close\\. .*");
		assertThat(sequence()).endsWith("Client: close_notify. Server: reset.");
		click(buttons.get(1));
		browser.awaitText("#sequence-caption", "Answer close_notify under bidirectional: completed\\. .*");
		assertThat(sequence()).endsWith("Server: FIN. Client: close_notify.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					answers            | bidirectional  | Client: request. Server: answer. Server: close_notify. Server: FIN. Client: close_notify.
					answers            | quiet          | Client: request. Server: answer. Server: FIN. Client: close_notify. Server: reset.
					close_notify_first | bidirectional  | Client: request. Server: answer. Client: close_notify. Server: close_notify. Server: FIN.
					rst                | bidirectional  | Client: request. Server: answer. Client: reset.
					upload             | unidirectional | Client: request. Server: answer lost. Server: reset.
					plain_http         | bidirectional  | Client: request without TLS. Server: FIN.
					port_scan          | bidirectional  | Client: FIN. Server: FIN.
					""")
	void sequenceTellsWhoDidWhat(String ending, String policy, String steps) throws Exception {
		switchPolicy(policy, "30s");
		switchLinger(false);
		play("[data-ending=" + ending + "]", "[✓✗] .*");
		assertThat(sequence()).isEqualTo(steps);
		assertThat(browser.find("#sequence svg").getAriaRole()).isIn("img", "image");
		assertThat(browser.find("#sequence svg").getAccessibleName())
			.isEqualTo("Sequence diagram of the last connection");
		assertThat(findAll("#sequence .step")).hasSize(steps.split("\\.").length);
		assertThat(texts("#sequence .after")).isNotEmpty()
			.allSatisfy((time) -> assertThat(time).matches("[\\d.]+ .?s"));
	}

	@Test
	void sequenceOfBrowserIsWhatServerReports() {
		play("[data-browser=bye]", "✓ Nothing lost: 1 of 1 answer arrived\\. .*");
		assertThat(sequence()).startsWith("Client: request. Server: answer. ").contains("Server: FIN.");
		assertThat(browser.text("#sequence-caption")).contains("as the server reports it");
	}

	@Test
	void timeoutIsSetAtEndpoint() throws Exception {
		assertThat(browser.find("#timeout").getAttribute("value")).isEqualTo("30");
		type("2.5");
		click(browser.find("#timeout-form button"));
		awaitResult("i The timeout is 2\\.5 s now\\. .*");
		assertThat(effective().at("/timeout").asString()).isEqualTo("PT2.5S");
	}

	@Test
	void timeoutThatIsTooLongIsNotSet() throws Exception {
		type("31");
		click(browser.find("#timeout-form button"));
		assertThat(findAll("#timeout:invalid")).hasSize(1);
		assertThat(effective().at("/timeout").asString()).isEqualTo("PT30S");
	}

	@Test
	void timeoutThatIsBeingTypedIsLeftAlone() throws Exception {
		type("7");
		switchPolicy("quiet", "30s");
		awaitSelected("quiet");
		assertThat(browser.find("#timeout").getAttribute("value")).isEqualTo("7");
		switchPolicy("quiet", "9s");
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(browser.find("#timeout").getAttribute("value")).isEqualTo("9"));
	}

	@Test
	void lingerIsSwitched() throws Exception {
		click(browser.find("#linger"));
		awaitResult("i The server does not linger now\\. .*");
		assertThat(effective().at("/linger").asBoolean()).isFalse();
		click(browser.find("#linger"));
		awaitResult("i The server lingers now\\. .*");
		assertThat(effective().at("/linger").asBoolean()).isTrue();
		switchLinger(false);
		await().atMost(LIMIT).until(() -> !browser.find("#linger").isSelected());
	}

	private static void type(String timeout) {
		browser.find("#timeout").clear();
		browser.find("#timeout").sendKeys(timeout);
	}

	private static void assertRows(String... rows) {
		List<String> shown = texts("#comparison tr");
		assertThat(shown).hasSameSizeAs(rows);
		for (int i = 0; i < rows.length; i++) {
			assertThat(shown.get(i)).matches(rows[i]);
		}
	}

	private static String sequence() {
		return browser.find("#sequence desc").getAttribute("textContent").replaceAll(" after [^.]*?(\\.\\d+)? .?s", "");
	}

}
