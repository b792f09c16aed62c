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
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Engines that are of no help when a connection ends. Less can be said of its end then,
 * but what is said is true, and it ends in time.
 */
class DegradedEngineTests {

	private static final int RUNS = 12;

	private static final ScriptedWorld.SharedConnector connector = new ScriptedWorld.SharedConnector();

	@ParameterizedTest
	@EnumSource
	void endWhenTheEngineIsOfNoHelpIsTruthfulAndInTime(DegradedEngine.Manner manner) {
		for (long seed = 1; seed <= RUNS; seed++) {
			ScriptedWorld world = new ScriptedWorld(new Random(seed), connector);
			List<ScriptedConnection> connections = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				connections.add(new ScriptedConnection(world, world.nextPort(), 100, ScriptedConnection.Style.DEGRADED,
						(engine) -> new DegradedEngine(engine, manner)));
			}
			world.setConnections(connections);
			world.run();
			connections.forEach((connection) -> connection.judge(ScriptedWorld.TICK * 2 / 5));
			assertThat(world.defects()).as("%s, seed %d", manner, seed).isEmpty();
		}
	}

}
