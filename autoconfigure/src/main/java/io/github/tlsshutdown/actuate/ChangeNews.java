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

package io.github.tlsshutdown.actuate;

import java.time.Duration;
import java.util.Locale;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationEventPublisher;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.actuate.TlsShutdownSettingsChangedEvent.Origin;

/**
 * Reports changes in the log and as an event.
 */
final class ChangeNews {

	private static final Log logger = LogFactory.getLog(TlsShutdownEndpoint.class);

	private final ApplicationEventPublisher publisher;

	ChangeNews(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	void tell(TlsShutdownConnector connector, TlsShutdownSettings before, TlsShutdownSettings after, Origin origin) {
		if (before.equals(after)) {
			return;
		}
		logger.info(describe(connector, before, after, origin));
		try {
			this.publisher.publishEvent(new TlsShutdownSettingsChangedEvent(connector, before, after, origin));
		}
		catch (RuntimeException ex) {
			// The change has been made anyway, and there may be more to report
			logger.warn("A listener failed to handle the change of " + connector.getName(), ex);
		}
	}

	private static String describe(TlsShutdownConnector connector, TlsShutdownSettings before,
			TlsShutdownSettings after, Origin origin) {
		StringBuilder line = new StringBuilder("TLS shutdown of ").append(connector.getName())
			.append(" was changed by ")
			.append((origin == Origin.WEB) ? "the web endpoint" : "JMX")
			.append(':');
		String separator = " ";
		if (before.policy() != after.policy()) {
			append(line, separator, "policy", Values.of(before.policy()), Values.of(after.policy()));
			separator = ", ";
		}
		if (!before.timeout().equals(after.timeout())) {
			append(line, separator, "timeout", describe(before.timeout()), describe(after.timeout()));
		}
		return line.toString();
	}

	private static void append(StringBuilder line, String separator, String what, String before, String after) {
		line.append(separator).append(what).append(" from ").append(before).append(" to ").append(after);
	}

	// 1m30s rather than PT1M30S
	private static String describe(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

}
