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

package io.github.tlsshutdown.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * A connector without a server.
 */
public class FakeConnector implements TlsShutdownConnector {

	private final String name;

	private volatile TlsShutdownSettings settings = TlsShutdownSettings.DEFAULTS;

	private volatile int pending;

	private volatile Duration pendingAtLimit = Duration.ZERO;

	/**
	 * Create a connector.
	 * @param port its port
	 */
	public FakeConnector(int port) {
		this.name = "https-jsse-nio-" + port;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public int getPort() {
		return Integer.parseInt(this.name.substring(this.name.lastIndexOf('-') + 1));
	}

	@Override
	public TlsShutdownSettings getSettings() {
		return this.settings;
	}

	@Override
	public void setSettings(TlsShutdownSettings settings) {
		this.settings = Objects.requireNonNull(settings);
	}

	@Override
	public TlsShutdownSettings getConfiguredSettings() {
		return TlsShutdownSettings.DEFAULTS;
	}

	@Override
	public List<TlsShutdownRule> getRules() {
		return List.of(TlsShutdownRule.builder((connection) -> true, TlsShutdownPolicy.QUIET).name("rules[0]").build(),
				TlsShutdownRule.builder((connection) -> true, TlsShutdownPolicy.BIDIRECTIONAL)
					.name("rules[1]")
					.timeout(Duration.ofSeconds(1))
					.linger(false)
					.build());
	}

	@Override
	public List<String> getResolvers() {
		return List.of("partners");
	}

	@Override
	public Duration getPendingAtLimit() {
		return this.pendingAtLimit;
	}

	@Override
	public int getPending() {
		return this.pending;
	}

	@Override
	public int getOpen() {
		return 0;
	}

	public void setPendingAtLimit(Duration pendingAtLimit) {
		this.pendingAtLimit = pendingAtLimit;
	}

	public void setPending(int pending) {
		this.pending = pending;
	}

}
