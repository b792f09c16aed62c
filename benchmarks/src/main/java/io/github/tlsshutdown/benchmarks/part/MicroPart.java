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
import java.util.Collection;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * The microbenchmarks, by JMH.
 */
public final class MicroPart implements Part {

	@Override
	public String name() {
		return "micro";
	}

	@Override
	public void run(Recorder recorder, boolean quick) throws IOException {
		ChainedOptionsBuilder options = new OptionsBuilder().include("io\\.github\\.tlsshutdown\\.nio\\..*")
			.shouldFailOnError(true)
			.forks(1);
		if (quick) {
			options.warmupIterations(1)
				.warmupTime(TimeValue.milliseconds(50))
				.measurementIterations(1)
				.measurementTime(TimeValue.milliseconds(50));
		}
		try {
			record(new Runner(options.build()).run(), recorder);
		}
		catch (RunnerException ex) {
			throw new IOException(ex);
		}
	}

	private void record(Collection<RunResult> results, Recorder recorder) {
		for (RunResult result : results) {
			BenchmarkParams params = result.getParams();
			String size = params.getParamsKeys().contains("size") ? params.getParam("size") : "each";
			int round = 0;
			for (BenchmarkResult fork : result.getBenchmarkResults()) {
				for (IterationResult iteration : fork.getIterationResults()) {
					recorder.add(size, result.getPrimaryResult().getLabel(), group(params), "µs", round++,
							iteration.getPrimaryResult().getScore());
				}
			}
		}
	}

	private static String group(BenchmarkParams params) {
		String[] name = params.getBenchmark().split("\\.");
		return name[name.length - 2];
	}

}
