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

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random connections, peers and interleavings against {@link ShutdownModel}. A failure
 * names its seed: {@code -Dmodel.seed=SEED -Dmodel.runs=1} runs it again.
 */
class ShutdownModelTests {

	private static final long SEED = Long.getLong("model.seed", 1);

	private static final ScriptedWorld.SharedConnector connector = new ScriptedWorld.SharedConnector();

	private final Map<TlsShutdownOutcome, Integer> outcomes = new EnumMap<>(TlsShutdownOutcome.class);

	@Test
	void outcomeWhenPeersAreRandomIsThatOfTheModel() {
		run(400, (world) -> connections(world, 1 + world.random().nextInt(4), ScriptedConnection.Style.EXACT));
		if (SEED == 1) {
			assertThat(this.outcomes).hasSize(TlsShutdownOutcome.values().length - 1);
		}
	}

	@Test
	void endWhenTimesAreArbitraryIsTruthfulAndInTime() {
		run(200, (world) -> connections(world, 1 + world.random().nextInt(4), ScriptedConnection.Style.LOOSE));
	}

	@Test
	void peersThatNeverStopSendingDelayNobody() {
		run(30, (world) -> {
			world.setBusy();
			List<ScriptedConnection> connections = connections(world, 2, ScriptedConnection.Style.ENDLESS);
			connections.addAll(connections(world, 2, ScriptedConnection.Style.EXACT));
			return connections;
		});
	}

	private static List<ScriptedConnection> connections(ScriptedWorld world, int count,
			ScriptedConnection.Style style) {
		int maxPending = (world.random().nextInt(5) == 0) ? 1 + world.random().nextInt(2) : 100;
		List<ScriptedConnection> connections = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			connections.add(new ScriptedConnection(world, world.nextPort(), maxPending, style, (engine) -> engine));
		}
		return connections;
	}

	private void run(int runs, Scenario scenario) {
		for (long seed = SEED; seed < SEED + Integer.getInteger("model.runs", runs); seed++) {
			Random random = new Random(seed);
			ScriptedWorld world = new ScriptedWorld(random, connector);
			List<ScriptedConnection> connections = scenario.connections(world);
			world.setConnections(connections);
			if (random.nextInt(3) == 0) {
				world.stopAt(random.nextInt(10) * ScriptedWorld.TICK,
						random.nextInt(3) * ScriptedWorld.TICK + ScriptedWorld.TICK / 2);
			}
			world.run();
			connections.forEach((connection) -> connection.judge(ScriptedWorld.TICK * 2 / 5));
			assertThat(world.defects()).as("seed %d", seed).isEmpty();
			world.events()
				.map(TlsShutdownEvent::outcome)
				.forEach((outcome) -> this.outcomes.merge(outcome, 1, Integer::sum));
		}
	}

	private interface Scenario {

		List<ScriptedConnection> connections(ScriptedWorld world);

	}

}
