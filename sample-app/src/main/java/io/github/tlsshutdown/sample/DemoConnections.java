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

package io.github.tlsshutdown.sample;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Demo only: clients in the server's own process, which connect to it and end their
 * connections in many ways. Their number is limited.
 */
@Component
class DemoConnections implements DisposableBean {

	/** Connections that can be requested at once. */
	static final int MAX_COUNT = 10;

	/** Connections in every ten seconds. */
	static final int MAX_RATE = 60;

	/** More than {@code tls.shutdown.max-wait}; then the client closes. */
	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final Log logger = LogFactory.getLog(DemoConnections.class);

	private final DemoBudget budget = new DemoBudget(MAX_RATE, Duration.ofSeconds(10));

	private final ThreadPoolExecutor executor;

	private final DemoTrust trust;

	private final DemoPolicies policies;

	private final ConnectionEnds ends;

	DemoConnections(DemoTrust trust, DemoPolicies policies, ConnectionEnds ends) {
		this.trust = trust;
		this.policies = policies;
		this.ends = ends;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("demo-client-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(MAX_COUNT, MAX_COUNT, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(2 * MAX_RATE), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Open connections and end them.
	 * @param server address and port of the server
	 * @param ending how to end them
	 * @param policy the policy the server is to end them by, or {@code null} for the one
	 * that applies anyway
	 * @param count number of connections
	 * @return completed when the server has ended them; {@code null} if that exceeds the
	 * limits
	 */
	@Nullable CompletableFuture<List<DemoResult>> open(InetSocketAddress server, DemoEnding ending,
			@Nullable TlsShutdownPolicy policy, int count) {
		if (!this.budget.spend(count * ending.cost())) {
			return null;
		}
		List<CompletableFuture<DemoResult>> results = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				CompletableFuture<DemoResult> result = new CompletableFuture<>();
				this.executor.execute(() -> play(server, ending, policy, result));
				results.add(result);
			}
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Too many demo connections", ex);
		}
		return results.isEmpty() ? null : CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
			.thenApply((all) -> results.stream().map(CompletableFuture::join).collect(Collectors.toList()));
	}

	private void play(InetSocketAddress server, DemoEnding ending, @Nullable TlsShutdownPolicy policy,
			CompletableFuture<DemoResult> result) {
		try {
			// From the same address, so that the client cannot be confused with another
			// one
			DemoClient client = new DemoClient(server.getAddress(), this.trust);
			if (policy != null) {
				this.policies.choose(client.address(), policy);
			}
			play(client, server, ending, result);
		}
		catch (IOException ex) {
			logger.debug("No port for a demo client", ex);
			result.complete(DemoResult.of(null, null));
		}
	}

	private void play(DemoClient client, InetSocketAddress server, DemoEnding ending,
			CompletableFuture<DemoResult> result) {
		InetSocketAddress address = client.address();
		CompletableFuture<TlsShutdownEvent> end = this.ends.expect(address, LIMIT);
		CompletableFuture<Void> played = new CompletableFuture<>();
		end.handle((event, failure) -> {
			if (failure != null) {
				client.close();
			}
			return event;
		}).thenCombineAsync(played, (event, nothing) -> {
			client.settle(event == null || event.closeNotifyReceived());
			return DemoResult.of(event, client);
		}, this.executor).exceptionally((failure) -> DemoResult.of(null, client)).thenAccept((described) -> {
			// Not before: some clients stay until the server closes, others still read
			client.close();
			this.policies.forget(address);
			result.complete(described);
		});
		try {
			client.connect(server);
			ending.play(client);
		}
		catch (IOException | RuntimeException ex) {
			client.noteFailure(ex);
			if (!client.isConnected()) {
				end.cancel(false);
			}
		}
		played.complete(null);
	}

	@Override
	public void destroy() {
		this.executor.shutdownNow();
	}

}
