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

import java.util.Locale;

import io.micrometer.core.instrument.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.FakeConnector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DefaultTlsShutdownTagsConvention}.
 */
class DefaultTlsShutdownTagsConventionTests {

	private final DefaultTlsShutdownTagsConvention convention = new DefaultTlsShutdownTagsConvention();

	@Test
	void tagsAreLowerCaseAndProtocolAsNamedByJsse() {
		assertThat(this.convention.getTags(event("https-jsse-nio-8443", TlsShutdownPolicy.BIDIRECTIONAL,
				TlsShutdownOutcome.TIMED_OUT, TlsShutdownInitiator.LOCAL, "TLSv1.3")))
			.isEqualTo(Tags.of("policy", "bidirectional", "outcome", "timed_out", "initiator", "local", "protocol",
					"TLSv1.3", "connector", "https-jsse-nio-8443"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3", "unknown" })
	void everyCombinationHasItsOwnTags(String protocol) {
		for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
			for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
				for (TlsShutdownInitiator initiator : TlsShutdownInitiator.values()) {
					assertThat(this.convention.getTags(event("a", policy, outcome, initiator, protocol)))
						.extracting((tag) -> tag.getValue().toUpperCase(Locale.ROOT))
						.containsExactly("A", initiator.name(), outcome.name(), policy.name(),
								protocol.toUpperCase(Locale.ROOT));
				}
			}
		}
	}

	@Test
	void tagsAreMadeOnce() {
		TlsShutdownEvent first = event("a", TlsShutdownPolicy.QUIET, TlsShutdownOutcome.QUIET,
				TlsShutdownInitiator.LOCAL, "TLSv1.3");
		TlsShutdownEvent second = event(new String("a"), TlsShutdownPolicy.QUIET, TlsShutdownOutcome.QUIET,
				TlsShutdownInitiator.LOCAL, new String("TLSv1.3"));
		assertThat(this.convention.getTags(second)).isSameAs(this.convention.getTags(first));
	}

	@Test
	void connectorTagsNameTheConnector() {
		assertThat(this.convention.getConnectorTags(new FakeConnector(8443)))
			.isEqualTo(Tags.of("connector", "https-jsse-nio-8443"));
	}

	private static TlsShutdownEvent event(String connector, TlsShutdownPolicy policy, TlsShutdownOutcome outcome,
			TlsShutdownInitiator initiator, String protocol) {
		return TlsShutdownEvent.builder(connector, policy, outcome).initiator(initiator).protocol(protocol).build();
	}

}
