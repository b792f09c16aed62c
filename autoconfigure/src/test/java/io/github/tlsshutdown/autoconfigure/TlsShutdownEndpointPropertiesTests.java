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
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Show;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownEndpointProperties}.
 */
class TlsShutdownEndpointPropertiesTests {

	@Test
	void defaultsAreThoseDocumented() {
		TlsShutdownEndpointProperties properties = new TlsShutdownEndpointProperties();
		assertThat(properties.getShowValues()).isEqualTo(Show.NEVER);
		assertThat(properties.getRoles()).isEmpty();
		assertThat(properties.getRecentSize()).isEqualTo(20);
	}

	@Test
	void everyPropertyHasMetadata() throws IOException {
		Map<String, String> defaults = Map.of("show-values", "never", "roles", "", "recent-size", "20", "access",
				"read_only", "cache.time-to-live", "0ms");
		List<JsonNode> properties = metadata();
		assertThat(properties).extracting(
				(property) -> property.get("name").asString().substring("management.endpoint.tlsshutdown.".length()))
			.containsExactlyInAnyOrderElementsOf(defaults.keySet());
		assertThat(properties).allSatisfy((property) -> {
			String name = property.get("name").asString().substring("management.endpoint.tlsshutdown.".length());
			assertThat(property.path("description").asString("")).isNotBlank();
			assertThat(property.path("defaultValue").asString("")).isEqualTo(defaults.get(name));
		});
	}

	private static List<JsonNode> metadata() throws IOException {
		try (InputStream metadata = TlsShutdownEndpointProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.shared()
				.readTree(metadata)
				.get("properties")
				.valueStream()
				.filter((property) -> property.get("name").asString().startsWith("management.endpoint.tlsshutdown."))
				.toList();
		}
	}

}
