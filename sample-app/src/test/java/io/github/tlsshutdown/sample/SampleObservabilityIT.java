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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample application: what the actuator tells of connections that
 * have ended.
 */
class SampleObservabilityIT {

	private static final String COMPLETED = "/actuator/metrics/tls.shutdown?tag=outcome:completed&tag=initiator:local";

	@TempDir
	private static Path directory;

	private static SampleProcess application;

	private static HttpClient http;

	@BeforeAll
	static void start() throws IOException {
		application = SampleProcess.start("observability", directory);
		// Keeps its connection, which so is not among those that end
		http = HttpClient.newBuilder().sslContext(application.trust()).version(HttpClient.Version.HTTP_1_1).build();
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@AfterEach
	void restorePolicy() throws Exception {
		assertThat(post("{\"policy\":\"bidirectional\"}").statusCode()).isEqualTo(200);
	}

	@Test
	void metricsEndpointCountsConnections() throws Exception {
		JsonNode before = json(get(COMPLETED));
		assertThat(before.at("/baseUnit").asString()).isEqualTo("seconds");
		complete(2);
		await().untilAsserted(
				() -> assertThat(statistic(json(get(COMPLETED)), "COUNT")).isEqualTo(statistic(before, "COUNT") + 2));
		assertThat(statistic(json(get(COMPLETED)), "TOTAL_TIME")).isGreaterThan(statistic(before, "TOTAL_TIME"));
		assertThat(get("/actuator/metrics").body()).contains("\"tls.shutdown\"", "\"tls.shutdown.pending\"",
				"\"tls.shutdown.pending.limit\"", "\"tls.shutdown.discarded\"");
	}

	@Test
	void prometheusEndpointCountsConnections() throws Exception {
		double completed = scraped("completed");
		double unclean = scraped("unclean");
		complete(2);
		abandon();
		await().untilAsserted(() -> assertThat(scraped("completed")).isEqualTo(completed + 2));
		await().untilAsserted(() -> assertThat(scraped("unclean")).isEqualTo(unclean + 1));
		assertThat(get("/actuator/prometheus").body()).contains("tls_shutdown_pending_connections{",
				"tls_shutdown_pending_limit_connections{", "tls_shutdown_discarded_bytes_total{");
	}

	@Test
	void tlsShutdownEndpointCountsConnectionsAndHidesRemoteAddresses() throws Exception {
		JsonNode before = connector();
		assertThat(before.at("/port").asInt()).isEqualTo(application.port());
		assertThat(before.at("/policy").asString()).isEqualTo("bidirectional");
		complete(2);
		abandon();
		await()
			.untilAsserted(() -> assertThat(count(connector(), "completed")).isEqualTo(count(before, "completed") + 2));
		await().untilAsserted(() -> assertThat(count(connector(), "unclean")).isEqualTo(count(before, "unclean") + 1));
		JsonNode last = json(get("/actuator/tlsshutdown")).at("/recent/0");
		assertThat(last.at("/outcome").asString()).isEqualTo("unclean");
		assertThat(last.at("/remoteAddress").asString()).isEqualTo("******");
	}

	@Test
	void postToTlsShutdownEndpointSwitchesPolicy() throws Exception {
		HttpResponse<String> changed = post("{\"policy\":\"quiet\"}");
		assertThat(changed.statusCode()).isEqualTo(200);
		assertThat(json(changed).at("/connectors/0/policy").asString()).isEqualTo("quiet");
		assertThat(bye()).isEqualTo(TlsClient.End.FIN_ALONE);
		assertThat(post("{\"policy\":\"unidirectional\"}").statusCode()).isEqualTo(200);
		assertThat(bye()).isEqualTo(TlsClient.End.CLOSE_NOTIFY_THEN_FIN);
		HttpResponse<String> refused = post("{\"policy\":\"loud\"}");
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(json(refused).at("/error").asString())
			.isEqualTo("Invalid policy 'loud': must be one of unidirectional, bidirectional, quiet");
		assertThat(connector().at("/policy").asString()).isEqualTo("unidirectional");
	}

	@Test
	void healthEndpointAnswers() throws Exception {
		assertThat(json(get("/actuator/health")).at("/status").asString()).isEqualTo("UP");
	}

	private static void complete(int connections) throws IOException {
		for (int i = 0; i < connections; i++) {
			try (TlsClient client = TlsClient.connect(application, "TLSv1.3")) {
				client.request("GET", "/bye");
				client.readResponse();
				client.readEnd();
				client.sendCloseNotify();
			}
		}
	}

	private static void abandon() throws IOException {
		try (TlsClient client = TlsClient.connect(application, "TLSv1.3")) {
			client.request("GET", "/bye");
			client.readResponse();
			client.readEnd();
		}
	}

	private static TlsClient.End bye() throws IOException {
		try (TlsClient client = TlsClient.connect(application, "TLSv1.3")) {
			client.request("GET", "/bye");
			client.readResponse();
			return client.readEnd();
		}
	}

	private static double statistic(JsonNode metric, String name) {
		for (JsonNode measurement : metric.at("/measurements")) {
			if (measurement.at("/statistic").asString().equals(name)) {
				return measurement.at("/value").asDouble();
			}
		}
		throw new AssertionError("No " + name + " in " + metric);
	}

	private static double scraped(String outcome) throws Exception {
		Matcher samples = Pattern
			.compile("^tls_shutdown_seconds_count\\{.*initiator=\"local\".*outcome=\"" + outcome + "\".*} (\\S+)$",
					Pattern.MULTILINE)
			.matcher(get("/actuator/prometheus").body());
		return samples.results().mapToDouble((sample) -> Double.parseDouble(sample.group(1))).sum();
	}

	private static JsonNode connector() throws Exception {
		return json(get("/actuator/tlsshutdown")).at("/connectors/0");
	}

	private static long count(JsonNode connector, String outcome) {
		return connector.at("/counts/" + outcome + "/local").asLong();
	}

	private static HttpResponse<String> get(String path) throws Exception {
		HttpResponse<String> response = http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response;
	}

	private static HttpResponse<String> post(String json) throws Exception {
		return http.send(HttpRequest.newBuilder(uri("/actuator/tlsshutdown"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(json))
			.build(), BodyHandlers.ofString());
	}

	private static URI uri(String path) {
		return URI.create("https://localhost:" + application.port() + path);
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

}
