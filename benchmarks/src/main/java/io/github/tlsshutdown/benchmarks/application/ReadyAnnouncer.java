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

package io.github.tlsshutdown.benchmarks.application;

import java.io.IOException;
import java.lang.management.ManagementFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Says on the standard output when an application is ready, and on which ports.
 */
@Component
@ConditionalOnProperty(name = ReadyAnnouncer.ANNOUNCE, matchIfMissing = true)
public class ReadyAnnouncer {

	/** How the line begins that says where to reach the application. */
	public static final String READY = "READY ";

	/** Whether there is such a line; default: yes. */
	static final String ANNOUNCE = "benchmark.announce";

	@EventListener
	void announce(ApplicationReadyEvent event) throws IOException {
		long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
		long cpuMicros = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000;
		int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
		ConfigurableApplicationContext context = event.getApplicationContext();
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		ControlServer control = new ControlServer(context.getBeanProvider(ShutdownDurations.class).getIfAvailable());
		long started = (event.getTimeTaken() != null) ? event.getTimeTaken().toMillis() : -1;
		System.out.println(
				READY + port + " " + control.start() + " " + started + " " + uptime + " " + classes + " " + cpuMicros);
	}

}
