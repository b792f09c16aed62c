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

package io.github.tlsshutdown.engine;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

import com.sun.management.UnixOperatingSystemMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The number of files and sockets that the process can have open, which may be less than
 * its connectors allow.
 */
final class DescriptorLimit {

	private static final Log logger = LogFactory.getLog(DescriptorLimit.class);

	private DescriptorLimit() {
	}

	/**
	 * Warn if the process cannot hold as many connections as a connector can.
	 * @param connector the connector's name
	 * @param maxConnections how many connections it accepts, not positive for any number
	 * @param maxPending how many more can wait for their peers
	 */
	static void check(String connector, int maxConnections, int maxPending) {
		check(DescriptorLimit::ofProcess, connector, maxConnections, maxPending);
	}

	static void check(LongSupplier limitOfProcess, String connector, int maxConnections, int maxPending) {
		long limit;
		try {
			limit = limitOfProcess.getAsLong();
		}
		catch (RuntimeException | LinkageError ex) {
			// A JDK without this module, or another one
			logger.debug("Limit of open files unknown", ex);
			return;
		}
		long needed = Math.max(maxConnections, 0) + (long) maxPending;
		if (limit > 0 && limit < needed) {
			logger.warn("This process can open " + limit + " files and sockets, but " + connector
					+ " can need more for its connections: max-connections="
					+ ((maxConnections > 0) ? maxConnections : "unlimited") + ", and tls.shutdown.max-pending="
					+ maxPending + " waiting connections. At the limit, no more connections are accepted."
					+ " Raise the limit of open files, or lower these values.");
		}
	}

	private static long ofProcess() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
				? system.getMaxFileDescriptorCount() : -1;
	}

}
