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

package io.github.tlsshutdown.netty;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Notifies connections that their servers are about to stop, just before Spring Boot
 * stops them: Reactor Netty does not report it.
 *
 * @since 0.1.0
 */
public class GracefulStopLifecycle implements SmartLifecycle {

	private final TlsShutdownServerCustomizer serverCustomizer;

	private volatile boolean running;

	/**
	 * Create a lifecycle.
	 * @param serverCustomizer the customizer of the servers
	 */
	public GracefulStopLifecycle(TlsShutdownServerCustomizer serverCustomizer) {
		this.serverCustomizer = serverCustomizer;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.serverCustomizer.beginGracefulStop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
	}

}
