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

package io.github.tlsshutdown.autoconfigure;

import jdk.jfr.FlightRecorder;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Records the events of connections with JDK Flight Recorder, if a recording enables
 * that.
 * <p>
 * The first class of an event makes the JDK load large parts of Flight Recorder. An
 * application without recordings is spared that.
 */
final class FlightRecording implements TlsShutdownListener {

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		// A recording that began with the JVM knows the event before the first connection
		isEnabled();
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		if (isEnabled()) {
			new TlsShutdownFlightEvent().record(event);
		}
	}

	private static boolean isEnabled() {
		// The first recording initializes it
		return FlightRecorder.isInitialized() && Probe.event.isEnabled();
	}

	/**
	 * Initialized when it is first used.
	 */
	private static final class Probe {

		/** Never recorded: only checked, which allocates nothing. */
		static final TlsShutdownFlightEvent event = new TlsShutdownFlightEvent();

	}

}
