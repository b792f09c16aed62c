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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

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

	private static SampleHttp http;

	@BeforeAll
	static void start() throws IOException {
		application = SampleProcess.start("observability", directory);
		http = new SampleHttp(application);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@AfterEach
	void restorePolicy() throws Exception {
		assertThat(http.post("/actuator/tlsshutdown", "{\"policy\":\"bidirectional\"}").statusCode()).isEqualTo(200);
	}

	@Test
	void metricsEndpointCountsConnections() throws Exception {
		JsonNode before = http.getJson(COMPLETED);
		assertThat(before.at("/baseUnit").asString()).isEqualTo("seconds");
		complete(2);
		await().untilAsserted(() -> assertThat(statistic(http.getJson(COMPLETED), "COUNT"))
			.isEqualTo(statistic(before, "COUNT") + 2));
		assertThat(statistic(http.getJson(COMPLETED), "TOTAL_TIME")).isGreaterThan(statistic(before, "TOTAL_TIME"));
		assertThat(http.get("/actuator/metrics").body()).contains("\"tls.shutdown\"", "\"tls.shutdown.pending\"",
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
		assertThat(http.get("/actuator/prometheus").body()).contains("tls_shutdown_pending_connections{",
				"tls_shutdown_pending_limit_connections{", "tls_shutdown_discarded_bytes_total{");
	}

	@Test
	void tlsShutdownEndpointCountsConnectionsAndHidesRemoteAddresses() throws Exception {
		JsonNode before = connector();
		assertThat(before.at("/port").asInt()).isEqualTo(application.port());
		assertThat(before.at("/effective/policy").asString()).isEqualTo("bidirectional");
		complete(2);
		abandon();
		await()
			.untilAsserted(() -> assertThat(count(connector(), "completed")).isEqualTo(count(before, "completed") + 2));
		await().untilAsserted(() -> assertThat(count(connector(), "unclean")).isEqualTo(count(before, "unclean") + 1));
		fail();
		String failed = "/counts/bidirectional/failed/peer";
		await()
			.untilAsserted(() -> assertThat(connector().at(failed).asLong()).isEqualTo(before.at(failed).asLong() + 1));
		assertThat(http.getJson("/actuator/tlsshutdown?outcome=unclean").at("/recent")).isEmpty();
		JsonNode last = http.getJson("/actuator/tlsshutdown").at("/recent/0");
		assertThat(last.at("/outcome").asString()).isEqualTo("failed");
		assertThat(last.at("/remoteAddress").asString()).isEqualTo("******");
	}

	@Test
	void postToTlsShutdownEndpointSwitchesPolicy() throws Exception {
		HttpResponse<String> changed = http.post("/actuator/tlsshutdown", "{\"policy\":\"quiet\"}");
		assertThat(changed.statusCode()).isEqualTo(200);
		assertThat(SampleHttp.json(changed).at("/connectors/0/effective/policy").asString()).isEqualTo("quiet");
		assertThat(bye()).isEqualTo(TlsEnd.FIN_ALONE);
		assertThat(http.post("/actuator/tlsshutdown", "{\"policy\":\"unidirectional\"}").statusCode()).isEqualTo(200);
		assertThat(bye()).isEqualTo(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
		HttpResponse<String> refused = http.post("/actuator/tlsshutdown", "{\"policy\":\"loud\"}");
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(SampleHttp.json(refused).at("/error").asString())
			.isEqualTo("Invalid policy 'loud': must be one of unidirectional, bidirectional, quiet");
		assertThat(connector().at("/effective/policy").asString()).isEqualTo("unidirectional");
	}

	@Test
	void healthEndpointAnswers() throws Exception {
		assertThat(http.getJson("/actuator/health").at("/status").asString()).isEqualTo("UP");
	}

	private static void complete(int connections) throws IOException {
		for (int i = 0; i < connections; i++) {
			try (TlsClient client = application.connect("TLSv1.3")) {
				client.request("GET", "/bye");
				client.readResponse();
				client.readEnd();
				client.sendCloseNotify();
			}
		}
	}

	private static void abandon() throws IOException {
		try (TlsClient client = application.connect("TLSv1.3")) {
			client.request("GET", "/bye");
			client.readResponse();
			client.readEnd();
		}
	}

	private static void fail() throws IOException {
		try (TlsClient client = application.connect("TLSv1.3")) {
			client.request("GET", "/hello");
			client.readResponse();
			client.sendFatalAlert();
		}
	}

	private static TlsEnd bye() throws IOException {
		try (TlsClient client = application.connect("TLSv1.3")) {
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
			.matcher(http.get("/actuator/prometheus").body());
		return samples.results().mapToDouble((sample) -> Double.parseDouble(sample.group(1))).sum();
	}

	private static JsonNode connector() throws Exception {
		return http.getJson("/actuator/tlsshutdown").at("/connectors/0");
	}

	private static long count(JsonNode connector, String outcome) {
		return connector.at("/counts/bidirectional/" + outcome + "/local").asLong();
	}

}
