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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import reactor.netty.http.server.HttpServer;

import io.github.tlsshutdown.engine.ConnectorSetup;

/**
 * Applies the policy to the TLS connections of Reactor Netty's servers, and waits for the
 * last ones when the application stops: after the servers, and before the event loops.
 * HTTP/3 is not affected.
 *
 * @since 0.1.0
 */
public class TlsShutdownServerCustomizer
		implements NettyServerCustomizer, SmartLifecycle, ApplicationListener<WebServerInitializedEvent> {

	private final ConnectorSetup setup;

	private final List<NettyConnector> connectors = new CopyOnWriteArrayList<>();

	private final Duration phase;

	private volatile boolean graceful;

	private volatile boolean running;

	/**
	 * Create a customizer.
	 * @param setup the configuration of connectors
	 * @param phase how long a graceful stop waits for requests
	 */
	public TlsShutdownServerCustomizer(ConnectorSetup setup, Duration phase) {
		this.setup = setup;
		this.phase = phase;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		ReactorNettyFeatures.require();
		NettyConnector connector = new NettyConnector();
		connector.configure(this.setup);
		this.connectors.add(connector);
		// Whether it uses TLS is known only when it is bound: other customizers may
		// follow
		return server.doOnBind(connector::prepare)
			.doOnBound((bound) -> connector.listening(bound.channel().localAddress()))
			.doOnChannelInit((observer, channel, remoteAddress) -> connector.accepted(channel));
	}

	/**
	 * Record that servers are stopped gracefully.
	 */
	void stopGracefully() {
		this.graceful = true;
	}

	/**
	 * The servers are about to be stopped.
	 */
	void beginGracefulStop() {
		if (this.graceful) {
			this.connectors.forEach(NettyConnector::beginGracefulStop);
		}
	}

	/**
	 * A server has started: listeners are notified of its connectors before the
	 * application continues.
	 */
	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		this.connectors.forEach(NettyConnector::awaitListening);
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		// All have the same time, however many there are
		long waiting = System.nanoTime();
		this.connectors.forEach((connector) -> connector.awaitPostponed(waiting, this.phase));
		long start = System.nanoTime();
		this.connectors.forEach(NettyConnector::beginStop);
		this.connectors.forEach((connector) -> connector.stop(start));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
	}

}
