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

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A resolver, as {@link TlsShutdownEndpoint} shows it.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "name", "decided" })
public final class ResolverDescriptor {

	private final String name;

	private final long decided;

	ResolverDescriptor(String name, long decided) {
		this.name = name;
		this.decided = decided;
	}

	/**
	 * Return the resolver's name.
	 * @return the name of its bean
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return for how many connections the resolver chose the policy.
	 * @return the number of connections
	 */
	public long getDecided() {
		return this.decided;
	}

}
