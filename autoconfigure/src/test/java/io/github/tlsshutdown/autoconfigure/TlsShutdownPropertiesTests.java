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
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.UrlResource;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownProperties}: the defaults are the same wherever they are
 * told.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsShutdownPropertiesTests {

	private static final TlsShutdownSettings DOCUMENTED = TlsShutdownSettings.builder()
		.policy(TlsShutdownPolicy.UNIDIRECTIONAL)
		.linger(true)
		.timeout(Duration.ofSeconds(3))
		.maxWait(Duration.ofSeconds(30))
		.maxPending(0)
		.maxDiscard(64 * 1024 * 1024)
		.drainIdle(true)
		.build();

	@Test
	void defaultsOfSettingsAreThoseDocumented() {
		assertThat(TlsShutdownSettings.DEFAULTS).isEqualTo(DOCUMENTED);
	}

	@Test
	void defaultsOfPropertiesAreThoseDocumented() {
		TlsShutdownProperties properties = new TlsShutdownProperties();
		assertThat(properties.isEnabled()).isTrue();
		assertThat(settings(properties)).isEqualTo(DOCUMENTED);
	}

	@Test
	void defaultsOfMetadataAreThoseDocumented() throws IOException {
		Map<String, Object> defaults = new LinkedHashMap<>();
		metadata().stream()
			.filter((property) -> property.containsKey("defaultValue") && name(property).startsWith("tls.shutdown."))
			.forEach((property) -> defaults.put(name(property), property.get("defaultValue")));
		assertThat(defaults).containsOnly(Map.entry("tls.shutdown.enabled", true),
				Map.entry("tls.shutdown.policy", "unidirectional"), Map.entry("tls.shutdown.linger", true),
				Map.entry("tls.shutdown.timeout", "3s"), Map.entry("tls.shutdown.max-wait", "30s"),
				Map.entry("tls.shutdown.max-discard", "64MB"), Map.entry("tls.shutdown.drain-idle", true));
		TlsShutdownProperties properties = bind(defaults);
		assertThat(properties.isEnabled()).isTrue();
		assertThat(settings(properties)).isEqualTo(DOCUMENTED);
	}

	@Test
	void everyPropertyIsDescribedForTheReaderOfMetadata() throws IOException {
		assertThat(metadata()).isNotEmpty().allSatisfy((property) -> {
			assertThat(property.get("description")).as(name(property))
				.asString()
				.matches("(?s)[A-Z].{20,}\\.")
				.doesNotContain("{@", "<", "null");
			assertThat(property.get("type")).as(name(property)).asString().isNotBlank();
		});
	}

	@Test
	void everyPropertyIsBound() {
		TlsShutdownProperties properties = bind(Map.of("tls.shutdown.enabled", "false", "tls.shutdown.policy",
				"bidirectional", "tls.shutdown.linger", "false", "tls.shutdown.timeout", "500ms",
				"tls.shutdown.max-wait", "1m", "tls.shutdown.max-pending", "7", "tls.shutdown.max-discard", "1KB",
				"tls.shutdown.drain-idle", "false"));
		assertThat(properties.isEnabled()).isFalse();
		assertThat(settings(properties)).isEqualTo(TlsShutdownSettings.builder()
			.policy(TlsShutdownPolicy.BIDIRECTIONAL)
			.linger(false)
			.timeout(Duration.ofMillis(500))
			.maxWait(Duration.ofMinutes(1))
			.maxPending(7)
			.maxDiscard(1024)
			.drainIdle(false)
			.build());
	}

	@Test
	void durationWithoutUnitIsReportedAsItIsRead(CapturedOutput output) {
		Map<String, Object> typed = Map.of("tls.shutdown.timeout", "5", "tls.shutdown.max-wait", "50ms",
				"tls.shutdown.rules[0].local-port", "443", "tls.shutdown.rules[0].policy", "quiet",
				"tls.shutdown.rules[0].timeout", "7");
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", typed));
		TlsShutdownProperties properties = bind(typed);
		new RulesMapper(new SettingsMapper(Binder.get(environment)).map(properties), environment)
			.map(properties.getRules());
		assertThat(output).contains("tls.shutdown.timeout=5 is read as 5ms")
			.contains("tls.shutdown.max-wait=50ms is read as 50ms")
			.contains("tls.shutdown.rules[0].timeout=7 is read as 7ms");
	}

	@Test
	void durationThatIsUsualIsNotReported(CapturedOutput output) {
		settings(bind(Map.of("tls.shutdown.timeout", "100ms")));
		assertThat(output).doesNotContain("is read as");
	}

	private static TlsShutdownProperties bind(Map<String, ?> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("tls.shutdown",
				Bindable.of(TlsShutdownProperties.class));
	}

	private static TlsShutdownSettings settings(TlsShutdownProperties properties) {
		return new SettingsMapper(new Binder()).map(properties);
	}

	/**
	 * What an IDE shows, as made by the annotation processor.
	 */
	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> metadata() throws IOException {
		URL classes = TlsShutdownProperties.class.getProtectionDomain().getCodeSource().getLocation();
		String json = new UrlResource(new URL(classes, "META-INF/spring-configuration-metadata.json"))
			.getContentAsString(StandardCharsets.UTF_8);
		return (List<Map<String, Object>>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
	}

	private static String name(Map<String, Object> property) {
		return (String) property.get("name");
	}

}
