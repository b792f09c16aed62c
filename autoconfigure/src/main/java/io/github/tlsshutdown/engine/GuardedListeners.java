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

import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.LogFactory;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Calls all listeners, even if one of them throws an exception.
 */
final class GuardedListeners implements TlsShutdownListener {

	private final OccasionalLog failures = new OccasionalLog(LogFactory.getLog(GuardedListeners.class));

	private final List<TlsShutdownListener> listeners;

	GuardedListeners(List<TlsShutdownListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		tell((listener) -> listener.onShutdown(event));
	}

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		tell((listener) -> listener.onConnectorStarted(connector));
	}

	@Override
	public void onConnectorStopped(TlsShutdownConnector connector) {
		tell((listener) -> listener.onConnectorStopped(connector));
	}

	private void tell(Consumer<TlsShutdownListener> news) {
		for (TlsShutdownListener listener : this.listeners) {
			boolean interrupted = Thread.currentThread().isInterrupted();
			try {
				news.accept(listener);
			}
			catch (Throwable ex) {
				this.failures.warn("TlsShutdownListener " + listener.getClass().getName()
						+ " failed; the connection and other listeners are not affected. Please fix it.", ex);
			}
			finally {
				InterruptStatus.restore(interrupted);
			}
		}
	}

}
