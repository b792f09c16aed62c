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

package io.github.tlsshutdown.actuate;

import java.util.concurrent.atomic.LongAdder;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;

/**
 * A connector and how many of its connections ended in which way since it was started.
 */
final class RecordedConnector {

	private static final int INITIATORS = TlsShutdownInitiator.values().length;

	private final TlsShutdownConnector connector;

	private final LongAdder[] counts = new LongAdder[TlsShutdownOutcome.values().length * INITIATORS];

	RecordedConnector(TlsShutdownConnector connector) {
		this.connector = connector;
		for (int i = 0; i < this.counts.length; i++) {
			this.counts[i] = new LongAdder();
		}
	}

	TlsShutdownConnector connector() {
		return this.connector;
	}

	void count(TlsShutdownEvent event) {
		adder(event.outcome(), event.initiator()).increment();
	}

	long count(TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		return adder(outcome, initiator).sum();
	}

	private LongAdder adder(TlsShutdownOutcome outcome, TlsShutdownInitiator initiator) {
		return this.counts[outcome.ordinal() * INITIATORS + initiator.ordinal()];
	}

}
