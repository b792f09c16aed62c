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

package io.github.tlsshutdown.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.Documentation;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.TestHttpClient;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@link TlsShutdownMetrics} in an application with everything that Spring Boot
 * configures.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsShutdownMetricsServerTests {

	@Test
	void applicationStartsWithoutComplaintAndMetersAtZero(CapturedOutput output) {
		try (TestServer server = start()) {
			assertThat(registry(server).get("tls.shutdown").timers()).isNotEmpty()
				.allSatisfy((timer) -> assertThat(timer.count()).isZero());
			assertThat(output).doesNotContain("not eligible", "WARN", "ERROR");
		}
	}

	@Test
	void registryMayDependOnTheServer(CapturedOutput output) {
		try (TestServer server = start(new Class<?>[] { FilterThatNeedsTheServer.class })) {
			assertThat(registry(server).get("tls.shutdown").tags("region", "north").timers()).isNotEmpty();
			assertThat(output).doesNotContain("not eligible", "WARN", "ERROR");
		}
	}

	@Test
	void shutdownIsSeenByOperators() throws IOException {
		try (TestServer server = start("management.endpoints.web.exposure.include=metrics,prometheus",
				"management.prometheus.metrics.export.enabled=true")) {
			awaitBye(server);
			TestHttpClient client = new TestHttpClient(server.port(), FullApplication.PATH);
			await().untilAsserted(() -> assertThat(client.get("/actuator/metrics/tls.shutdown?tag=outcome:sent").body())
				.contains("{\"statistic\":\"COUNT\",\"value\":1.0}"));
			assertThat(client.get("/actuator/prometheus").body())
				.containsPattern("tls_shutdown_seconds_count\\{connector=\"https-jsse-nio-auto-\\d+\","
						+ "initiator=\"local\",outcome=\"sent\",policy=\"unidirectional\",protocol=\"TLSv1.3\"} 1\n")
				.containsPattern("tls_shutdown_pending_connections\\{connector=\"[^\"]+\"} 0.0\n")
				.containsPattern("tls_shutdown_pending_limit_connections\\{connector=\"[^\"]+\"} 8192.0\n")
				.containsPattern("tls_shutdown_discarded_bytes_total\\{connector=\"[^\"]+\"} 0.0\n");
		}
	}

	@Test
	void propertiesAndFiltersApplyToWhatIsRegisteredUpFront() {
		try (TestServer server = start(new Class<?>[] { OutcomeFilter.class },
				"management.metrics.tags.application=shop",
				"management.metrics.distribution.percentiles-histogram.tls.shutdown=true",
				"management.metrics.distribution.minimum-expected-value.tls.shutdown=1ms",
				"management.metrics.distribution.maximum-expected-value.tls.shutdown=30s",
				"management.metrics.enable.tls.shutdown.pending.limit=false",
				"management.prometheus.metrics.export.enabled=true")) {
			assertThat(registry(server)).isInstanceOf(PrometheusMeterRegistry.class);
			assertThat(registry(server).get("tls.shutdown").timers()).isNotEmpty().allSatisfy((timer) -> {
				assertThat(timer.getId().getTag("application")).isEqualTo("shop");
				assertThat(timer.getId().getTag("outcome")).matches("[A-Z_]+");
				assertThat(timer.takeSnapshot().histogramCounts()).hasSizeGreaterThan(20);
			});
			assertThat(registry(server).get("tls.shutdown.pending").tag("application", "shop").gauges()).hasSize(1);
			assertThat(registry(server).find("tls.shutdown.pending.limit").gauges()).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					0
					1; slo.tls.shutdown=10ms,100ms,1s,3s
					2; percentiles-histogram.tls.shutdown=true; minimum-expected-value.tls.shutdown=1ms; maximum-expected-value.tls.shutdown=30s
					""")
	void seriesAreAsManyAsDocumented(ArgumentsAccessor arguments) throws IOException {
		List<String> documented = Documentation
			.table("docs/observability.md", "what is published", "one policy", "all three policies")
			.get(arguments.getInteger(0));
		Stream<String> distribution = arguments.toList()
			.stream()
			.skip(1)
			.map((property) -> "management.metrics.distribution." + property);
		try (TestServer server = start(
				Stream
					.concat(Stream.of("management.endpoints.web.exposure.include=prometheus",
							"management.prometheus.metrics.export.enabled=true"), distribution)
					.toArray(String[]::new))) {
			assertThat(series(server)).isEqualTo(Integer.parseInt(documented.get(1).replace(",", "")));
			int ends = server.recorder().events().size();
			for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.send("GET /bye HTTP/1.1\r\nHost: localhost\r\nPolicy: " + policy + "\r\n\r\n");
					PolicyAssertions.assertServerEnds(server.recorder(), peer, policy);
				}
			}
			assertThat(server.recorder().events()).hasSizeGreaterThanOrEqualTo(ends + 3);
			await().untilAsserted(
					() -> assertThat(series(server)).isEqualTo(Integer.parseInt(documented.get(2).replace(",", ""))));
		}
	}

	private static long series(TestServer server) throws IOException {
		return new TestHttpClient(server.port(), FullApplication.PATH).get("/actuator/prometheus")
			.body()
			.lines()
			.filter((line) -> line.startsWith("tls_shutdown"))
			.count();
	}

	@Test
	void nothingIsMeteredWhenSwitchedOff() throws IOException {
		try (TestServer server = start("management.metrics.enable.tls.shutdown=false")) {
			awaitBye(server);
			assertThat(registry(server).getMeters()).isNotEmpty()
				.noneMatch((meter) -> meter.getId().getName().startsWith("tls.shutdown"));
		}
	}

	@Test
	void everyRegistryIsServed() throws IOException {
		try (TestServer server = start(new Class<?>[] { SecondRegistry.class },
				"management.prometheus.metrics.export.enabled=true")) {
			awaitBye(server);
			for (Class<? extends MeterRegistry> type : List.of(PrometheusMeterRegistry.class,
					SimpleMeterRegistry.class)) {
				await().untilAsserted(() -> assertThat(server.context()
					.getBean(type)
					.get("tls.shutdown")
					.tag("outcome", "sent")
					.timers()
					.stream()
					.mapToLong(Timer::count)
					.sum()).isOne());
			}
		}
	}

	@Test
	void gaugesFollowTheServerThroughARestart() {
		try (TestServer server = start()) {
			MeterRegistry registry = registry(server);
			assertThat(registry.get("tls.shutdown.pending").gauges()).extracting(Gauge::value).containsExactly(0.0);
			server.context().stop();
			assertThat(registry.find("tls.shutdown.pending").gauges()).isEmpty();
			assertThat(registry.find("tls.shutdown.pending.limit").gauges()).isEmpty();
			server.context().start();
			assertThat(registry.get("tls.shutdown.pending").gauges()).extracting(Gauge::value).containsExactly(0.0);
			assertThat(registry.get("tls.shutdown.pending.limit").gauges()).extracting(Gauge::value)
				.containsExactly(8192.0);
		}
	}

	private static TestServer start(String... properties) {
		return start(new Class<?>[0], properties);
	}

	private static TestServer start(Class<?>[] configuration, String... properties) {
		Class<?>[] sources = new Class<?>[configuration.length + 1];
		sources[0] = FullApplication.class;
		System.arraycopy(configuration, 0, sources, 1, configuration.length);
		String[] all = new String[properties.length + 1];
		all[0] = FullApplication.PATH_PROPERTY;
		System.arraycopy(properties, 0, all, 1, properties.length);
		return TestServer.start(sources, all);
	}

	private static MeterRegistry registry(TestServer server) {
		return server.context().getBean(MeterRegistry.class);
	}

	private static void awaitBye(TestServer server) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.readResponse("bye");
			assertThat(server.recorder().awaitEvent(peer.localPort()).outcome()).isEqualTo(TlsShutdownOutcome.SENT);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class FilterThatNeedsTheServer {

		@Bean
		MeterFilter regionFilter(ServletWebServerFactory factory) {
			return MeterFilter.commonTags(List.of(Tag.of("region", "north")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OutcomeFilter {

		@Bean
		MeterFilter upperCaseOutcome() {
			return MeterFilter.replaceTagValues("outcome", (value) -> value.toUpperCase(Locale.ROOT));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondRegistry {

		@Bean
		SimpleMeterRegistry secondRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
