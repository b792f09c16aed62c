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

package io.github.tlsshutdown.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.testsupport.LinuxSockets;
import io.github.tlsshutdown.testsupport.ServerUnderTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers of every kind, many at once, while policies change and servers stop: every
 * connection ends as it has to, is told of once, and leaves nothing behind.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 1, unit = TimeUnit.DAYS)
class ChaosTests {

	private static final Log logger = LogFactory.getLog(ChaosTests.class);

	private static final long ONLY_SCRIPT = Long.getLong("chaos.script", -1);

	private static final long FEW = (ServerUnderTest.current() == ServerUnderTest.TOMCAT) ? 5_000 : 1_500;

	private static final long CONNECTIONS = Long.getLong("chaos.connections", (ONLY_SCRIPT < 0) ? FEW : 300);

	private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() & 0xFFFFFFFFL);

	private static final long WARM_UP = Math.min(1_000, CONNECTIONS);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * What threads keep for themselves, such as buffers, when they are first used, and
	 * what a server with memory of its own takes in large pieces.
	 */
	private static final long MOST_DIRECT_GROWTH = ((ServerUnderTest.current() == ServerUnderTest.NETTY) ? 48 : 8)
			* 1024 * 1024;

	/** However many connections there are: nothing may be kept of any. */
	private static final long MOST_HEAP_GROWTH = 2 * 1024 * 1024;

	@Test
	void everyConnectionEndsOnceAsExpectedAndLeavesNothing() throws Exception {
		ScriptGenerator generator = new ScriptGenerator(SEED, ONLY_SCRIPT, true);
		assertThat(generator.behaviours()).isGreaterThan(20);
		try (ChaosRun run = ChaosRun.start(generator)) {
			long socketsAtStart = LinuxSockets.open();
			run.play(WARM_UP);
			settle(run, socketsAtStart);
			Resources before = Resources.now();
			logger.info("Warm: " + run + ", " + before);
			run.play(CONNECTIONS);
			settle(run, socketsAtStart);
			run.servers().forEach(ChaosServer::forgetSessions);
			Resources after = Resources.now();
			logger.info("Done: " + run + ", " + after);
			assertNothingLeft(before, after);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "graceful", "immediate" })
	void everyAcceptedConnectionIsToldOfOnceWhenTheServerStops(String shutdown) throws Exception {
		for (int i = 0; i < 2; i++) {
			ChaosRun run = ChaosRun.startToBeStopped(new ScriptGenerator(SEED + i, ONLY_SCRIPT, false), shutdown);
			run.playAndStop(300);
			logger.info("Stopped: " + run);
			assertNothingWrong(run);
		}
	}

	private static void settle(ChaosRun run, long socketsAtStart) {
		assertNothingWrong(run);
		for (ChaosServer server : run.servers()) {
			await().atMost(PATIENCE).until(() -> server.openConnections() == 0);
		}
		// A descriptor is free when the server's poller has looked once more
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(LinuxSockets.open()).as(() -> LinuxSockets.all().toString())
				.isLessThanOrEqualTo(socketsAtStart));
	}

	private static void assertNothingLeft(Resources before, Resources after) {
		assertThat(after.sockets()).isLessThanOrEqualTo(before.sockets());
		assertThat(after.threadsBeyond(before)).isEmpty();
		assertThat(after.direct() - before.direct()).as("growth of direct memory").isLessThan(MOST_DIRECT_GROWTH);
		assertThat(after.heap() - before.heap()).as("growth of the heap").isLessThan(MOST_HEAP_GROWTH);
	}

	private static void assertNothingWrong(ChaosRun run) {
		assertThat(run.failures().messages()).as("failures; replay with -Dchaos.seed=%d", SEED).isEmpty();
		assertThat(run.ledger().wrongTotals()).as("totals of -Dchaos.seed=%d", SEED).isEmpty();
		assertThat(run.ledger().open()).isZero();
		for (ChaosServer server : run.servers()) {
			// A connection is told of just before it is no longer pending
			await().atMost(PATIENCE).until(() -> server.pending() == 0);
			assertThat(server.events()).isEqualTo(server.accepted());
		}
	}

}
