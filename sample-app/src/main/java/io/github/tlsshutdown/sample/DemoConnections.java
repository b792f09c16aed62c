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
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

	private static final String UNKNOWN = "unknown";

	private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

	private static final Log logger = LogFactory.getLog(DemoConnections.class);

	private final DemoBudget budget = new DemoBudget(MAX_RATE, Duration.ofSeconds(10));

	private final ThreadPoolExecutor executor;

	private final DemoTrust trust;

	private final ConnectionEnds ends;

	DemoConnections(DemoTrust trust, ConnectionEnds ends) {
		this.trust = trust;
		this.ends = ends;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("demo-client-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(MAX_COUNT, MAX_COUNT, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(MAX_RATE), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Open connections and end them.
	 * @param server address and port of the server
	 * @param ending how to end them
	 * @param count number of connections
	 * @return completed when the server has ended them; {@code null} if that exceeds the
	 * limits
	 */
	@Nullable CompletableFuture<List<Result>> open(InetSocketAddress server, DemoEnding ending, int count) {
		if (!this.budget.spend(count * ending.cost())) {
			return null;
		}
		List<CompletableFuture<Result>> results = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				CompletableFuture<Result> result = new CompletableFuture<>();
				this.executor.execute(() -> play(server, ending, result));
				results.add(result);
			}
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Too many demo connections", ex);
		}
		return results.isEmpty() ? null : CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
			.thenApply((all) -> results.stream().map(CompletableFuture::join).collect(Collectors.toList()));
	}

	private void play(InetSocketAddress server, DemoEnding ending, CompletableFuture<Result> result) {
		Socket socket = new Socket();
		try {
			// From the same address, so that the client cannot be confused with another
			// one
			socket.bind(new InetSocketAddress(server.getAddress(), 0));
		}
		catch (IOException ex) {
			logger.debug("No port for a demo client", ex);
			result.complete(new Result(UNKNOWN, false));
			return;
		}
		CompletableFuture<Boolean> done = new CompletableFuture<>();
		CompletableFuture<TlsShutdownEvent> end = this.ends.expect((InetSocketAddress) socket.getLocalSocketAddress(),
				LIMIT);
		end.thenApply((event) -> event.outcome().name().toLowerCase(Locale.ROOT)).exceptionally((failure) -> {
			close(socket);
			return UNKNOWN;
		}).thenCombine(done, Result::new).whenComplete((described, failure) -> {
			// Not earlier: some clients stay until the server closes, others still read
			close(socket);
			result.complete(described);
		});
		try {
			socket.connect(server, CONNECT_TIMEOUT_MILLIS);
			ending.play(socket, this.trust);
			done.complete(true);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A demo client could not finish its script", ex);
			if (!socket.isConnected()) {
				end.cancel(false);
			}
			done.complete(false);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close a demo connection", ex);
		}
	}

	@Override
	public void destroy() {
		this.executor.shutdownNow();
	}

	/**
	 * The result of a connection.
	 *
	 * @param outcome its outcome, or {@code unknown}
	 * @param done whether the client could finish its script: an uploading client, for
	 * example, has read the whole response
	 */
	record Result(String outcome, boolean done) {
	}

}
