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

package io.github.tlsshutdown.jetty;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;

import io.github.tlsshutdown.engine.ConnectorSetup;

/**
 * Applies the policy to the TLS connections of all connectors of a server, including
 * additional ones. A connector with the application's own {@code SslConnectionFactory} is
 * left alone, with a warning.
 *
 * @since 0.1.0
 */
public class TlsShutdownJettyCustomizer
		implements WebServerFactoryCustomizer<JettyWebServerFactory>, Ordered, SmartLifecycle {

	private final ConnectorSetup setup;

	private final List<GracefulStop> stops = new CopyOnWriteArrayList<>();

	private volatile boolean graceful;

	private volatile boolean running;

	/**
	 * Create a customizer.
	 * @param setup the configuration of connectors
	 */
	public TlsShutdownJettyCustomizer(ConnectorSetup setup) {
		this.setup = setup;
	}

	@Override
	public void customize(JettyWebServerFactory factory) {
		JettyFeatures.require();
		factory.addServerCustomizers(new ServerCustomizer(this.setup, this.stops::add));
		this.graceful = factory.getShutdown() == Shutdown.GRACEFUL;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	/**
	 * Jetty does not report that it begins to stop. Spring Boot starts the stop in this
	 * phase.
	 */
	@Override
	public void stop(Runnable callback) {
		this.running = false;
		CompletableFuture<?>[] ends = this.graceful
				? this.stops.stream().map(GracefulStop::begin).toArray(CompletableFuture[]::new)
				: new CompletableFuture<?>[0];
		CompletableFuture.allOf(ends).whenComplete((result, failure) -> callback.run());
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
	}

	/**
	 * Last, to see the settings of other customizers.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
