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

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;

/**
 * Counts the connections in which something was or may have been lost.
 */
final class LossMeters {

	private final Tags tags;

	private final MeterProvider<Counter> truncated;

	private final MeterProvider<Counter> unread;

	LossMeters(Tags tags, MeterRegistry registry) {
		this.tags = tags;
		this.truncated = Counter.builder("tls.shutdown.truncated")
			.description("TLS connections that ended in the middle of a request or a response")
			.baseUnit(BaseUnits.CONNECTIONS)
			.withRegistry(registry);
		this.unread = Counter.builder("tls.shutdown.unread")
			.description("TLS connections that the server closed while their peers were still sending")
			.baseUnit(BaseUnits.CONNECTIONS)
			.withRegistry(registry);
	}

	void register(TlsShutdownPolicy policy) {
		for (TlsShutdownInitiator side : TlsShutdownInitiator.values()) {
			truncated(policy, side);
		}
		unread(policy, TlsShutdownUnread.DRAINED);
		unread(policy, TlsShutdownUnread.CUT);
	}

	void count(TlsShutdownEvent event) {
		TlsShutdownInitiator side = event.truncated();
		if (side != null) {
			truncated(event.policy(), side).increment();
		}
		if (event.unread() != TlsShutdownUnread.NONE) {
			unread(event.policy(), event.unread()).increment();
		}
	}

	private Counter truncated(TlsShutdownPolicy policy, TlsShutdownInitiator side) {
		return this.truncated.withTags(this.tags.and("policy", DefaultTlsShutdownTagsConvention.value(policy), "side",
				DefaultTlsShutdownTagsConvention.value(side)));
	}

	private Counter unread(TlsShutdownPolicy policy, TlsShutdownUnread fate) {
		return this.unread.withTags(this.tags.and("policy", DefaultTlsShutdownTagsConvention.value(policy), "fate",
				DefaultTlsShutdownTagsConvention.value(fate)));
	}

}
