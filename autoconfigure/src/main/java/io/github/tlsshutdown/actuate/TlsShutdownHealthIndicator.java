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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * {@link HealthIndicator} that is down when a connector has been at its limit of waiting
 * connections for a while: further connections are closed without waiting.
 *
 * @since 0.1.0
 */
public class TlsShutdownHealthIndicator extends AbstractHealthIndicator implements TlsShutdownListener {

	private final Duration patience;

	private final Map<String, TlsShutdownConnector> connectors = new ConcurrentSkipListMap<>();

	/**
	 * Create an indicator.
	 * @param patience how long a connector can be at its limit before it is down
	 */
	public TlsShutdownHealthIndicator(Duration patience) {
		super("TLS shutdown health check failed");
		this.patience = patience;
	}

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		this.connectors.put(connector.getName(), connector);
	}

	@Override
	public void onConnectorStopped(TlsShutdownConnector connector) {
		this.connectors.remove(connector.getName());
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		// Single connections do not affect the health
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		this.connectors.forEach((name, connector) -> {
			Duration atLimit = connector.getPendingAtLimit();
			if (atLimit.compareTo(this.patience) >= 0 && !atLimit.isZero()) {
				builder.down();
			}
			builder.withDetail(name, details(connector, atLimit));
		});
	}

	private static Map<String, Object> details(TlsShutdownConnector connector, Duration atLimit) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("pending", connector.getPending());
		details.put("maxPending", connector.getSettings().maxPending());
		details.put("atLimit", atLimit);
		return details;
	}

}
