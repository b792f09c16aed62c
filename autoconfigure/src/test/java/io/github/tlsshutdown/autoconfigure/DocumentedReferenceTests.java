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

package io.github.tlsshutdown.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.json.JsonParserFactory;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.metrics.DefaultTlsShutdownTagsConvention;
import io.github.tlsshutdown.metrics.TlsShutdownMetrics;
import io.github.tlsshutdown.testsupport.Documentation;
import io.github.tlsshutdown.testsupport.FakeConnector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation's tables of properties, meters, outcomes and policies, compared with
 * the code.
 */
class DocumentedReferenceTests {

	@ParameterizedTest
	@CsvSource({ "README.md, tls.shutdown.", "docs/observability.md, management.endpoint.tlsshutdown." })
	void propertiesAreThoseOfTheMetadata(String page, String prefix) throws IOException {
		Map<String, String> documented = new TreeMap<>();
		for (List<String> row : Documentation.table(page, "property", "default", "meaning")) {
			documented.put(code(row.get(0)), row.get(1).equals("none") ? "none" : code(row.get(1)));
		}
		assertThat(documented).isEqualTo(properties(prefix));
	}

	@Test
	void metersAreThoseThatAreRegistered() throws IOException {
		Set<String> documented = Documentation.table("docs/observability.md", "meter", "type")
			.stream()
			.map((row) -> code(row.get(0)) + " " + row.get(1).split(",")[0] + " " + codes(row.get(3)).sorted().toList())
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(documented).isEqualTo(meters());
	}

	@ParameterizedTest
	@CsvSource({ "docs/how-it-works.md, false", "docs/observability.md, true" })
	void outcomesAreAll(String page, boolean lowerCase) throws IOException {
		assertThat(Documentation.table(page, "outcome")).extracting((row) -> code(row.get(0)))
			.containsExactly(Stream.of(TlsShutdownOutcome.values())
				.map((outcome) -> lowerCase ? outcome.name().toLowerCase(Locale.ROOT) : outcome.name())
				.toArray(String[]::new));
	}

	@Test
	void readmeNamesAllMeters() throws IOException {
		String page = Documentation.read("README.md");
		assertThat(meters()).allSatisfy((meter) -> assertThat(page).contains("`" + meter.split(" ")[0] + "`"));
	}

	@Test
	void policiesAreAll() throws IOException {
		assertThat(Documentation.table("README.md", "policy")).extracting((row) -> code(row.get(0)))
			.containsExactly(Stream.of(TlsShutdownPolicy.values())
				.map((policy) -> policy.name().toLowerCase(Locale.ROOT))
				.toArray(String[]::new));
	}

	private static Map<String, String> properties(String prefix) throws IOException {
		try (InputStream metadata = TlsShutdownProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			assertThat(metadata).isNotNull();
			Map<String, Object> json = JsonParserFactory.getJsonParser()
				.parseMap(new String(metadata.readAllBytes(), StandardCharsets.UTF_8));
			Map<String, String> properties = new TreeMap<>();
			for (Object entry : (List<?>) json.get("properties")) {
				Map<?, ?> property = (Map<?, ?>) entry;
				String name = (String) property.get("name");
				if (name.startsWith(prefix)) {
					Object value = property.get("defaultValue");
					properties.put(name, (value != null) ? value.toString() : "none");
				}
			}
			return properties;
		}
	}

	private static Set<String> meters() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new TlsShutdownMetrics(() -> registry, new DefaultTlsShutdownTagsConvention())
			.onConnectorStarted(new FakeConnector(8443));
		return registry.getMeters()
			.stream()
			.map(Meter::getId)
			.map((id) -> id.getName() + " " + id.getType().name().toLowerCase(Locale.ROOT) + " "
					+ id.getTags().stream().map(Tag::getKey).sorted().toList())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String code(String cell) {
		return codes(cell).findFirst().orElseThrow();
	}

	private static Stream<String> codes(String cell) {
		return Stream.of(cell.split(",")).map(String::trim).map((part) -> part.split("`")[1]);
	}

}
