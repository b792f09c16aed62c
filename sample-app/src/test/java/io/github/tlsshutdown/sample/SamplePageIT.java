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
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

import io.github.tlsshutdown.TlsShutdownOutcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample application: its page, in a browser.
 */
class SamplePageIT extends SamplePage {

	@Test
	void pageTellsOfConnectorAndConnection() throws Exception {
		JsonNode connector = connector();
		assertThat(browser.text("#settings")).contains("30 s in all", "8,192 connections", "24 MB");
		assertThat(browser.text("#tls")).isEqualTo("TLSv1.3");
		assertThat(browser.text("#cipher")).startsWith("TLS_");
		assertThat(browser.text("#http")).isEqualTo("HTTP/1.1");
		assertThat(browser.text("#connector")).isEqualTo(connector.at("/name").asString());
		assertThat(browser.text("#pending")).matches("\\d+");
		assertThat(findAll("#outcomes tr")).hasSize(10)
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
			awaitResult("i The policy is " + policy + " now\\..*");
			assertThat(connector().at("/effective/policy").asString()).isEqualTo(policy);
		}
		await().atMost(LIMIT).until(() -> !marks().isEmpty());
	}

	@Test
	void policySwitchedElsewhereIsShown() throws Exception {
		switchPolicy("unidirectional", "30s");
		awaitSelected("unidirectional");
		assertThat(findAll("[name=policy]:checked")).hasSize(1);
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

	@ParameterizedTest
	@CsvSource({ "bye, The server answered “bye” and closed\\.", "upload, 'The answer 413 arrived, 98 KB\\.'",
			"abort, The browser left before it had the whole answer\\." })
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
			.untilAsserted(() -> assertThat(texts("#history tr:nth-child(7) > *")).startsWith("reset")
				.satisfies((row) -> assertThat(row.subList(1, 4).stream().mapToInt(Integer::parseInt).sum())
					.isGreaterThanOrEqualTo(3)));
	}

	private static long total(String outcome) {
		return Long.parseLong(browser.text("[data-outcome=" + outcome + "] .total").replace(",", ""));
	}

	private static int bars(String outcome) {
		return findAll("[data-outcome=" + outcome + "] rect").size();
	}

	private static List<WebElement> marks() {
		return findAll("[data-outcome=sent] .mark");
	}

}
