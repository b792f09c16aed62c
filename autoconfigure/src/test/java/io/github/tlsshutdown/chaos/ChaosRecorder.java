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

import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.testsupport.EventRecorder;

/**
 * Passes events on, and keeps none.
 */
class ChaosRecorder extends EventRecorder {

	private final AtomicLong received = new AtomicLong();

	private volatile @Nullable Ledger ledger;

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		this.received.incrementAndGet();
		Ledger ledger = this.ledger;
		if (ledger != null) {
			ledger.ended(event);
		}
	}

	void setLedger(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Return how many events there were.
	 * @return the number
	 */
	long received() {
		return this.received.get();
	}

}
