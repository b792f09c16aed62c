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

package io.github.tlsshutdown.benchmarks.part;

import java.io.IOException;

import io.github.tlsshutdown.benchmarks.process.JavaServer;
import io.github.tlsshutdown.benchmarks.process.ProcessSample;
import io.github.tlsshutdown.benchmarks.process.Server;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * What something costs a server: processor time, and what it allocates.
 */
final class CostMeter {

	/** What a server may have left to do when its clients have gone. */
	private static final long SETTLE_MILLIS = 150;

	private final Server server;

	private final long allocated;

	private final ProcessSample before;

	private CostMeter(Server server) throws IOException {
		this.server = server;
		Pause.millis(SETTLE_MILLIS);
		this.allocated = allocatedBytes();
		this.before = ProcessSample.of(server);
	}

	static CostMeter begin(Server server) throws IOException {
		return new CostMeter(server);
	}

	/**
	 * Record what a load costs.
	 * @param <T> what the load gives
	 * @param server the server
	 * @param scenario what is done
	 * @param per what one of the things done is called
	 * @param count how many things are done
	 * @param round the round
	 * @param recorder takes the values
	 * @param load does them
	 * @return what the load has given
	 * @throws IOException if it fails
	 */
	static <T> T measure(Server server, String scenario, String per, int count, int round, Recorder recorder,
			Load<T> load) throws IOException {
		CostMeter meter = begin(server);
		T result = load.putOn(server);
		meter.end(recorder, scenario, per, count, round);
		return result;
	}

	/**
	 * Record what was spent since the begin.
	 * @param recorder takes the values
	 * @param scenario what was done
	 * @param per what one of the things done is called
	 * @param count how many things were done
	 * @param round the round
	 * @return the processor time, in microseconds, of each
	 * @throws IOException if the server has gone
	 */
	double end(Recorder recorder, String scenario, String per, int count, int round) throws IOException {
		Pause.millis(SETTLE_MILLIS);
		ProcessSample after = ProcessSample.of(this.server);
		String name = this.server.name();
		double cpuMicros = after.cpuNanosSince(this.before) / 1_000.0;
		recorder.add(scenario, name, "CPU per " + per, "µs", round, cpuMicros / count);
		double compilerMicros = after.compilerNanosSince(this.before) / 1_000.0;
		recorder.add(scenario, name, "compilation per " + per, "µs", round, compilerMicros / count);
		if (this.server instanceof JavaServer) {
			double bytes = allocatedBytes() - this.allocated;
			recorder.add(scenario, name, "allocated per " + per, "KiB", round, bytes / 1024 / count);
		}
		return cpuMicros / count;
	}

	private long allocatedBytes() throws IOException {
		return (this.server instanceof JavaServer java) ? java.ask("/allocated") : 0;
	}

	/**
	 * What servers are to do.
	 *
	 * @param <T> what it gives
	 */
	interface Load<T> {

		/**
		 * Put it on a server.
		 * @param server the server
		 * @return what it gives
		 * @throws IOException if it fails
		 */
		T putOn(Server server) throws IOException;

	}

}
