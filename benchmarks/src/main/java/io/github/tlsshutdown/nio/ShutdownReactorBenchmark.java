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

package io.github.tlsshutdown.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.engine.BeforeClose;
import io.github.tlsshutdown.engine.ConnectionShutdown;
import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.engine.Decision;

/**
 * What the end of a connection costs that waits for its peer, for each of many at once:
 * real sockets, real TLS engines, no Tomcat.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 10)
public class ShutdownReactorBenchmark {

	private static final int CONNECTIONS = 500;

	private final EstablishedPairs pairs = new EstablishedPairs();

	private final List<EstablishedPairs.Pair> connections = new ArrayList<>();

	private NioConnector connector = new NioConnector();

	private CountDownLatch ended = new CountDownLatch(0);

	/**
	 * Make connections.
	 * @throws IOException if that fails
	 */
	@Setup(Level.Invocation)
	public void connect() throws IOException {
		for (int i = 0; i < CONNECTIONS; i++) {
			this.connections.add(this.pairs.connect());
		}
		this.ended = new CountDownLatch(CONNECTIONS);
		CountDownLatch ended = this.ended;
		this.connector = new NioConnector();
		this.connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS, List.of(), List::of,
				() -> List.of((event) -> ended.countDown())));
		this.connector.started("benchmark", 0, -1);
	}

	/**
	 * Leave nothing behind.
	 * @throws IOException if that fails
	 * @throws InterruptedException if that is interrupted
	 */
	@TearDown(Level.Invocation)
	public void disconnect() throws IOException, InterruptedException {
		for (EstablishedPairs.Pair pair : this.connections) {
			pair.peer().close();
		}
		this.connections.clear();
		this.ended.await();
		this.connector.stop();
	}

	/**
	 * What the closing thread does until the reactor has taken over.
	 */
	@Benchmark
	@OperationsPerInvocation(CONNECTIONS)
	public void handOver() {
		beginAll(Duration.ofHours(1));
	}

	/**
	 * Until all have ended whose peers have answered at once.
	 * @throws IOException if a peer cannot answer
	 * @throws InterruptedException if interrupted
	 */
	@Benchmark
	@OperationsPerInvocation(CONNECTIONS)
	public void completion() throws IOException, InterruptedException {
		beginAll(Duration.ofHours(1));
		for (EstablishedPairs.Pair pair : this.connections) {
			pair.peer().write(pair.closeNotify());
		}
		this.ended.await();
	}

	/**
	 * Until all have been given up whose peers say nothing, of whom none has any time.
	 * @throws InterruptedException if interrupted
	 */
	@Benchmark
	@OperationsPerInvocation(CONNECTIONS)
	public void expiry() throws InterruptedException {
		beginAll(Duration.ofMillis(1));
		this.ended.await();
	}

	private void beginAll(Duration timeout) {
		TlsShutdownSettings settings = TlsShutdownSettings.builder()
			.policy(TlsShutdownPolicy.BIDIRECTIONAL)
			.timeout(timeout)
			.maxWait(Duration.ofHours(1))
			.maxPending(Integer.MAX_VALUE)
			.maxDiscard(Long.MAX_VALUE)
			.build();
		ByteBuffer netIn = ByteBuffer.allocate(32 * 1024);
		ByteBuffer netOut = ByteBuffer.allocate(32 * 1024);
		for (EstablishedPairs.Pair pair : this.connections) {
			netIn.clear();
			netOut.clear().limit(0);
			new ConnectionShutdown(this.connector, new SocketTransport(pair.socket(), this.connector), pair.engine(),
					new Decision(settings, Decision.BY_PROPERTY), null, false)
				.begin(BeforeClose.nothing(true), netIn, netOut);
		}
	}

}
