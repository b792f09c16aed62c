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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Makes a script, or a policy, for every number: always the same from the same seed.
 */
final class ScriptGenerator {

	private static final int PERCENT_IMPATIENT = 5;

	private static final int PERCENT_FULL_HANDSHAKES = 10;

	private static final int PERCENT_REQUESTED = 15;

	private static final int PERCENT_RULED = 10;

	private final long seed;

	private final long onlyScript;

	private final List<Behaviour> patient = new ArrayList<>();

	private final List<Behaviour> impatient = new ArrayList<>();

	/**
	 * Create a generator.
	 * @param seed the seed
	 * @param onlyScript the number of the only script to make, or -1
	 * @param withImpatient whether to make scripts that need an impatient server, too
	 */
	ScriptGenerator(long seed, long onlyScript, boolean withImpatient) {
		this.seed = seed;
		this.onlyScript = onlyScript;
		Stream
			.of(Stream.of(BeforeHandshake.values()), Stream.of(SpecialPeer.values()), Stream.of(UploadingPeer.values()),
					AsksForCutResponse.all(), EndingAt.all().stream())
			.flatMap((behaviours) -> behaviours)
			.filter((behaviour) -> !behaviour.resets() || TestServer.noticesResets())
			.filter((behaviour) -> !behaviour.breaksRequests() || TestServer.answersBrokenRequests())
			.filter((behaviour) -> withImpatient || !behaviour.needsImpatientServer())
			.forEach((behaviour) -> (behaviour.needsImpatientServer() ? this.impatient : this.patient).add(behaviour));
	}

	/**
	 * Return how many behaviours there are.
	 * @return the number
	 */
	int behaviours() {
		return this.patient.size() + this.impatient.size();
	}

	long seed() {
		return this.seed;
	}

	Script script(long number) {
		long scriptNumber = (this.onlyScript >= 0) ? this.onlyScript : number;
		SplittableRandom random = random(scriptNumber);
		boolean needsImpatientServer = random.nextInt(100) < PERCENT_IMPATIENT && !this.impatient.isEmpty();
		List<Behaviour> behaviours = needsImpatientServer ? this.impatient : this.patient;
		Behaviour behaviour = behaviours.get(random.nextInt(behaviours.size()));
		String protocol = random.nextBoolean() ? "TLSv1.3" : "TLSv1.2";
		boolean resumed = random.nextInt(100) >= PERCENT_FULL_HANDSHAKES;
		int requests = 1 + random.nextInt(2);
		TlsShutdownPolicy requested = (random.nextInt(100) < PERCENT_REQUESTED) ? policy(random) : null;
		TlsShutdownPolicy ruled = (random.nextInt(100) < PERCENT_RULED) ? policy(random) : null;
		return new Script(this.seed, scriptNumber, behaviour, protocol, resumed, requests,
				(ruled != null) ? null : requested, ruled);
	}

	/**
	 * Return what a connection's peer takes its arbitrary bytes and lengths from.
	 * @param script the connection's script
	 * @return the source
	 */
	Random contentOf(Script script) {
		return new Random(random(script.number()).nextLong());
	}

	/**
	 * Return the policy of a server after so many changes.
	 * @param changes the number of changes
	 * @return the policy
	 */
	TlsShutdownPolicy policyAfter(long changes) {
		return policy(random(-1 - changes));
	}

	private static TlsShutdownPolicy policy(SplittableRandom random) {
		TlsShutdownPolicy[] policies = TlsShutdownPolicy.values();
		return policies[random.nextInt(policies.length)];
	}

	private SplittableRandom random(long number) {
		// Neighbouring numbers must not give similar scripts
		return new SplittableRandom(new SplittableRandom(this.seed ^ Long.rotateLeft(number, 32)).nextLong());
	}

}
