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
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample application: the clients of its demo, and what it tells a
 * client of its connection.
 */
class SampleDemoIT {

	private static final String DEMO = "/demo/connections";

	@TempDir
	private static Path directory;

	private static SampleProcess application;

	private static SampleHttp http;

	@BeforeAll
	static void start() throws IOException {
		application = SampleProcess.start("demo", directory, "--tls.shutdown.max-discard=20MB");
		http = new SampleHttp(application);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@ParameterizedTest
	@CsvSource(useHeadersInDisplayName = true, textBlock = """
			ENDING,             POLICY,         OUTCOME,      ANSWER
			answers,            bidirectional,  completed,    arrived
			answers,            unidirectional, sent,         arrived
			answers,            quiet,          quiet,        arrived
			close_notify_first, bidirectional,  completed,    arrived
			close_notify_first, unidirectional, completed,    arrived
			close_notify_first, quiet,          quiet,        arrived
			silent,             bidirectional,  timed_out,    arrived
			silent,             unidirectional, sent,         arrived
			silent,             quiet,          quiet,        arrived
			fin,                bidirectional,  unclean,      arrived
			fin,                quiet,          unclean,      arrived
			rst,                bidirectional,  reset,        arrived
			fatal_alert,        bidirectional,  failed,       arrived
			upload,             bidirectional,  completed,    arrived
			upload,             unidirectional, completed,    arrived
			upload,             quiet,          quiet,        arrived
			endless_upload,     bidirectional,  overflow,     lost
			port_scan,          bidirectional,  no_handshake, none
			port_scan,          quiet,          no_handshake, none
			plain_http,         bidirectional,  no_handshake, none
			""")
	void demoEndsConnections(String ending, String policy, String outcome, String answer) throws Exception {
		// Others may be slow, but are not to be late
		String timeout = ending.equals("silent") ? "1s" : "30s";
		assertThat(http.post("/actuator/tlsshutdown", "{\"policy\":\"" + policy + "\",\"timeout\":\"" + timeout + "\"}")
			.statusCode()).isEqualTo(200);
		long before = count(outcome);
		int connections = ending.equals("endless_upload") ? 1 : 2;
		JsonNode results = SampleHttp.json(open(ending, connections));
		assertThat(results).hasSize(connections).allSatisfy((result) -> {
			assertThat(result.at("/outcome").asString()).isEqualTo(outcome);
			assertThat(result.at("/policy").asString()).isEqualTo(policy);
			assertThat(result.at("/answer").asString()).isEqualTo(answer);
		});
		assertThat(count(outcome)).isGreaterThanOrEqualTo(before + connections);
	}

	@ParameterizedTest
	@CsvSource(useHeadersInDisplayName = true, textBlock = """
			ENDING,  POLICY,         LINGER, OUTCOME,   ANSWER,  RESET
			answers, unidirectional, true,   sent,      arrived, true
			answers, bidirectional,  true,   completed, arrived, false
			answers, quiet,          true,   quiet,     arrived, true
			silent,  unidirectional, true,   sent,      arrived, false
			upload,  unidirectional, true,   completed, arrived, false
			upload,  quiet,          true,   quiet,     arrived, false
			upload,  unidirectional, false,  sent,      lost,    true
			upload,  bidirectional,  false,  completed, arrived, false
			upload,  quiet,          false,  quiet,     lost,    true
			""")
	void demoEndsByPolicyOfItsOwn(String ending, String policy, boolean linger, String outcome, String answer,
			boolean reset) throws Exception {
		String others = policy.equals("quiet") ? "bidirectional" : "quiet";
		assertThat(
				http.post("/actuator/tlsshutdown", "{\"policy\":\"" + others + "\",\"timeout\":\"30s\"}").statusCode())
			.isEqualTo(200);
		assertThat(http.post("/demo/linger", "{\"linger\":" + linger + "}").statusCode()).isEqualTo(200);
		try {
			JsonNode result = SampleHttp.json(open(ending, policy, 1)).at("/0");
			assertThat(result.at("/outcome").asString()).isEqualTo(outcome);
			assertThat(result.at("/policy").asString()).isEqualTo(policy);
			assertThat(result.at("/answer").asString()).isEqualTo(answer);
			assertThat(result.at("/reset").asBoolean()).isEqualTo(reset);
		}
		finally {
			http.post("/demo/linger", "{\"linger\":true}");
		}
		assertThat(policy()).isEqualTo(others);
	}

	@Test
	void demoTellsWhatBothSidesDid() {
		JsonNode steps = SampleHttp.json(open("answers", "bidirectional", 1)).at("/0/steps");
		assertThat(steps).extracting((step) -> step.at("/by").asString() + " " + step.at("/what").asString())
			.containsExactly("client request", "server answer", "server close_notify", "server fin",
					"client close_notify");
		assertThat(steps).extracting((step) -> Duration.parse(step.at("/after").asString()))
			.isSorted()
			.allSatisfy((after) -> assertThat(after).isPositive());
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"linger\":null}", "{\"linger\":\"maybe\"}", "" })
	void lingerWhenRequestIsInvalidIsBadRequest(String change) throws Exception {
		assertThat(http.post("/demo/linger", change).statusCode()).isEqualTo(400);
	}

	@Test
	void demoWhenPolicyIsUnknownIsBadRequest() throws Exception {
		assertThat(demo("answers", "polite", 1).statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@CsvSource({ "fin, 0", "fin, -1", "fin, 11", "upload, 4", "endless_upload, 2", "explosion, 1" })
	void demoWhenRequestIsInvalidIsBadRequest(String ending, int count) throws Exception {
		assertThat(demo(ending, count).statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{}", "{\"count\":1}", "{\"ending\":null,\"count\":1}", "{\"ending\":\"fin\"}", "fin", "" })
	void demoWhenRequestIsIncompleteIsBadRequest(String demo) throws Exception {
		assertThat(http.post(DEMO, demo).statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a" })
	void postWhenContentTypeIsOneThatAnyPageMaySendIsRefused(String contentType) throws Exception {
		String policy = policy();
		assertThat(http.post(DEMO, contentType, "{\"ending\":\"fin\",\"count\":1}").statusCode()).isEqualTo(415);
		assertThat(http.post("/actuator/tlsshutdown", contentType, "{\"policy\":\"unidirectional\"}").statusCode())
			.isEqualTo(415);
		assertThat(policy()).isEqualTo(policy);
	}

	@Test
	void demoWhenTooMuchIsAskedForIsTooManyRequests() throws Exception {
		await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).untilAsserted(() -> {
			HttpResponse<String> response = demo("port_scan", 10);
			assertThat(response.statusCode()).isEqualTo(429);
			assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
		});
	}

	@Test
	void connectionTellsOfItselfAndOfThoseBefore() throws Exception {
		assertThat(http.post("/actuator/tlsshutdown", "{\"policy\":\"unidirectional\"}").statusCode()).isEqualTo(200);
		long before = http.getJson("/connection").at("/ends/0/number").asLong();
		try (TlsClient client = application.connect("TLSv1.2")) {
			client.request("GET", "/bye");
			client.readResponse();
			client.readEnd();
		}
		JsonNode connection = await().until(() -> http.getJson("/connection"),
				(told) -> told.at("/ends/0/number").asLong() > before);
		assertThat(connection.at("/tls").asString()).isEqualTo("TLSv1.3");
		assertThat(connection.at("/cipherSuite").asString()).startsWith("TLS_");
		assertThat(connection.at("/http").asString()).isEqualTo("HTTP/1.1");
		assertThat(connection.at("/localPort").asInt()).isEqualTo(application.port());
		assertThat(connection.at("/ends").size()).isBetween(1, 8);
		JsonNode end = connection.at("/ends/0");
		assertThat(end.at("/outcome").asString()).isEqualTo("sent");
		assertThat(end.at("/initiator").asString()).isEqualTo("local");
		assertThat(end.at("/policy").asString()).isEqualTo("unidirectional");
		assertThat(end.at("/protocol").asString()).isEqualTo("TLSv1.2");
		assertThat(end.at("/closeNotifySent").asBoolean()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page.css", "/controls.css", "/results.css", "/page.js", "/compare.js",
			"/docs/README.md", "/icon.svg", "/hello", "/connection" })
	void responsesKeepForeignCodeOutOfThePage(String path) throws Exception {
		HttpResponse<String> response = http.get(path);
		assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
			.startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
			.doesNotContain("unsafe")
			.contains("frame-ancestors 'none'");
		assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
	}

	private static HttpResponse<String> open(String ending, int count) {
		return open(ending, null, count);
	}

	/**
	 * Have the demo do something, as soon as it is ready to.
	 * @param ending how to end connections
	 * @param policy the policy to end them by, or {@code null} for the server's
	 * @param count number of connections
	 * @return the response
	 */
	private static HttpResponse<String> open(String ending, String policy, int count) {
		HttpResponse<String> response = await().atMost(Duration.ofSeconds(60))
			.pollInSameThread()
			.until(() -> demo(ending, policy, count), (answer) -> answer.statusCode() != 429);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response;
	}

	private static HttpResponse<String> demo(String ending, int count) throws IOException, InterruptedException {
		return demo(ending, null, count);
	}

	private static HttpResponse<String> demo(String ending, String policy, int count)
			throws IOException, InterruptedException {
		return http.post(DEMO,
				JsonMapper.shared()
					.createObjectNode()
					.put("ending", ending)
					.put("policy", policy)
					.put("count", count)
					.toString());
	}

	private static long count(String outcome) throws IOException, InterruptedException {
		long count = 0;
		for (JsonNode counts : http.getJson("/actuator/tlsshutdown").at("/connectors/0/counts")) {
			count += counts.at("/" + outcome + "/local").asLong() + counts.at("/" + outcome + "/peer").asLong();
		}
		return count;
	}

	private static String policy() throws IOException, InterruptedException {
		return http.getJson("/actuator/tlsshutdown").at("/connectors/0/effective/policy").asString();
	}

}
