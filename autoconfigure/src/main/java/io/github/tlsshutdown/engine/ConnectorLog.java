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

package io.github.tlsshutdown.engine;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * The log messages of a connector: how its connections end, and problems. A problem that
 * can occur with every connection is logged at most once a minute.
 */
final class ConnectorLog {

	private static final Log logger = LogFactory.getLog(ServerConnector.class);

	private final OccasionalLog overflows = new OccasionalLog(logger);

	private final OccasionalLog internalErrors = new OccasionalLog(logger);

	private volatile String name = "unknown";

	void started(String name, int port, TlsShutdownSettings settings, PolicyDecision decision) {
		this.name = name;
		String where = (port > 0 && !name.endsWith("-" + port)) ? name + " (port " + port + ")" : name;
		logger.info("TLS connections of " + where + " end by " + decision.describe(settings));
	}

	void notClosed(Duration patience) {
		logger.warn("The server has stopped, but has not closed all connections to " + this.name
				+ ": none was closed for " + patience.toSeconds() + "s. The stop does not wait for them.");
	}

	void maxPendingReached(int maxPending) {
		overflow("tls.shutdown.max-pending=" + maxPending
				+ " connections are waiting. Raise this limit, or lower tls.shutdown.timeout.");
	}

	void maxDiscardReached(long maxDiscard) {
		overflow("its peer kept sending more than tls.shutdown.max-discard=" + maxDiscard
				+ "B. Raise this limit if such uploads are legitimate.");
	}

	private void overflow(String reason) {
		this.overflows.warn("A TLS connection to " + this.name
				+ " was closed although its peer may not have received everything: " + reason, null);
	}

	void internalError(Throwable cause) {
		try {
			this.internalErrors.warn("A TLS connection to " + this.name
					+ " was closed because its shutdown failed unexpectedly. Please report this.", cause);
		}
		catch (RuntimeException | Error ex) {
			// Logging fails as well
		}
	}

}
