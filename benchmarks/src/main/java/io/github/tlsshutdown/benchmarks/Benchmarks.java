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

package io.github.tlsshutdown.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.tlsshutdown.benchmarks.part.ConnectionsPart;
import io.github.tlsshutdown.benchmarks.part.DataPathPart;
import io.github.tlsshutdown.benchmarks.part.DeliveryPart;
import io.github.tlsshutdown.benchmarks.part.FairnessPart;
import io.github.tlsshutdown.benchmarks.part.MicroPart;
import io.github.tlsshutdown.benchmarks.part.OneJvmPart;
import io.github.tlsshutdown.benchmarks.part.Part;
import io.github.tlsshutdown.benchmarks.part.PeersPart;
import io.github.tlsshutdown.benchmarks.part.RequestsPart;
import io.github.tlsshutdown.benchmarks.part.StartUpPart;
import io.github.tlsshutdown.benchmarks.part.WaitingPart;
import io.github.tlsshutdown.benchmarks.process.Layout;
import io.github.tlsshutdown.benchmarks.process.Platform;
import io.github.tlsshutdown.benchmarks.report.Report;
import io.github.tlsshutdown.benchmarks.result.Environment;
import io.github.tlsshutdown.benchmarks.result.PartResult;
import io.github.tlsshutdown.benchmarks.result.Recorder;

/**
 * Runs parts of the benchmarks, named on the command line, or all; then writes the
 * report.
 */
public final class Benchmarks {

	private static final String QUICK = "--quick";

	private static final String REPORT = "report";

	private static final List<Part> PARTS = List.of(new ConnectionsPart(Platform.TOMCAT),
			new OneJvmPart(Platform.TOMCAT), new RequestsPart(Platform.TOMCAT), new DataPathPart(Platform.TOMCAT),
			new WaitingPart(Platform.TOMCAT), new MicroPart(), new DeliveryPart(Platform.TOMCAT), new StartUpPart(),
			new FairnessPart(), new PeersPart(), new OneJvmPart(Platform.JETTY), new RequestsPart(Platform.JETTY),
			new ConnectionsPart(Platform.JETTY), new DataPathPart(Platform.JETTY), new WaitingPart(Platform.JETTY),
			new DeliveryPart(Platform.JETTY), new OneJvmPart(Platform.REACTOR_NETTY),
			new RequestsPart(Platform.REACTOR_NETTY), new ConnectionsPart(Platform.REACTOR_NETTY),
			new DataPathPart(Platform.REACTOR_NETTY), new WaitingPart(Platform.REACTOR_NETTY),
			new DeliveryPart(Platform.REACTOR_NETTY));

	private Benchmarks() {
	}

	/**
	 * Run.
	 * @param arguments names of parts, {@code report} for the report alone, and
	 * {@code --quick} to only see that all works
	 * @throws IOException if something fails
	 */
	public static void main(String[] arguments) throws IOException {
		List<String> names = new ArrayList<>(List.of(arguments));
		boolean quick = names.remove(QUICK);
		boolean report = names.remove(REPORT);
		List<Part> parts = (names.isEmpty() && !report) ? PARTS : named(names);
		Path results = quick ? Layout.TARGET.resolve("results-quick") : Layout.RESULTS;
		for (Part part : parts) {
			run(part, results, quick);
		}
		Path docs = quick ? Layout.TARGET.resolve("docs-quick") : Path.of("../docs").normalize();
		new Report(results, docs).write();
		// What a part has left running must not keep this process
		System.exit(0);
	}

	private static List<Part> named(List<String> names) {
		List<Part> parts = PARTS.stream().filter((part) -> names.remove(part.name())).toList();
		if (!names.isEmpty()) {
			System.err.println("No such part: " + names + "; there are " + PARTS.stream().map(Part::name).toList());
			System.exit(2);
		}
		return parts;
	}

	private static void run(Part part, Path results, boolean quick) throws IOException {
		System.out.println("== " + part.name());
		Map<String, String> environment = Environment.describe();
		Recorder recorder = new Recorder();
		part.run(recorder, quick);
		new PartResult(part.name(), quick, environment, recorder.samples()).write(results);
	}

}
