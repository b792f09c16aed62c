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

import java.util.EnumSet;
import java.util.Set;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Changes a connector's policy while connections end, and knows which policies a
 * connection may have met.
 */
final class PolicyChanges {

	private final TlsShutdownConnector connector;

	private final ScriptGenerator generator;

	/** Changes that every connection that is made from now on meets, or later ones. */
	private volatile long made;

	/** Changes that some connection may have met. */
	private volatile long begun;

	PolicyChanges(TlsShutdownConnector connector, ScriptGenerator generator) {
		this.connector = connector;
		this.generator = generator;
		change();
	}

	synchronized void change() {
		this.begun = this.made + 1;
		this.connector.setSettings(this.connector.getSettings().withPolicy(this.generator.policyAfter(this.begun)));
		this.made = this.begun;
	}

	long made() {
		return this.made;
	}

	/**
	 * Return the policies that a connection may have been ended by until now.
	 * @param madeBefore the changes that were made before the connection
	 * @return the policies, often a single one
	 */
	Set<TlsShutdownPolicy> since(long madeBefore) {
		Set<TlsShutdownPolicy> policies = EnumSet.noneOf(TlsShutdownPolicy.class);
		long begun = this.begun;
		for (long changes = madeBefore; changes <= begun; changes++) {
			policies.add(this.generator.policyAfter(changes));
		}
		return policies;
	}

}
