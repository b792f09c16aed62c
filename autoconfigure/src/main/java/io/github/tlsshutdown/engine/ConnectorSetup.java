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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * The configuration that every connector of an application starts with, for any server.
 * Resolvers and listeners are looked up when the first connector starts: a server is
 * created before many beans that they may depend on.
 */
public final class ConnectorSetup {

	private final TlsShutdownSettings settings;

	private final List<TlsShutdownRule> rules;

	private final Supplier<List<NamedResolver>> resolvers;

	private final Supplier<List<TlsShutdownListener>> listeners;

	private final AtomicInteger numbers = new AtomicInteger();

	private volatile @Nullable PolicyDecision decision;

	private volatile @Nullable TlsShutdownListener listener;

	/**
	 * Create a setup.
	 * @param settings how connections end
	 * @param rules tried in their order
	 * @param resolvers supplies the resolvers, in order
	 * @param listeners supplies the listeners, in order
	 */
	public ConnectorSetup(TlsShutdownSettings settings, List<TlsShutdownRule> rules,
			Supplier<List<NamedResolver>> resolvers, Supplier<List<TlsShutdownListener>> listeners) {
		this.settings = settings;
		this.rules = List.copyOf(rules);
		this.resolvers = resolvers;
		this.listeners = listeners;
	}

	/**
	 * Return a setup without rules, resolvers and listeners.
	 * @param settings how connections end
	 * @return the setup
	 */
	public static ConnectorSetup of(TlsShutdownSettings settings) {
		return new ConnectorSetup(settings, List.of(), List::of, List::of);
	}

	/**
	 * Return a number for the next connector whose port the system chooses.
	 * @return the number
	 */
	int nextNumber() {
		return this.numbers.incrementAndGet();
	}

	TlsShutdownSettings settings() {
		return this.settings;
	}

	/**
	 * Return the decision; the first call looks up the resolvers.
	 * @return the decision
	 */
	PolicyDecision decision() {
		PolicyDecision decision = this.decision;
		return (decision != null) ? decision : createDecision();
	}

	private synchronized PolicyDecision createDecision() {
		PolicyDecision decision = this.decision;
		if (decision == null) {
			decision = new PolicyDecision(this.resolvers.get(), this.rules);
			this.decision = decision;
		}
		return decision;
	}

	/**
	 * Return the listener for all events; the first call looks up the beans.
	 * @return the listener
	 */
	TlsShutdownListener listener() {
		TlsShutdownListener listener = this.listener;
		return (listener != null) ? listener : createListener();
	}

	private synchronized TlsShutdownListener createListener() {
		TlsShutdownListener listener = this.listener;
		if (listener == null) {
			listener = new GuardedListeners(this.listeners.get());
			this.listener = listener;
		}
		return listener;
	}

}
