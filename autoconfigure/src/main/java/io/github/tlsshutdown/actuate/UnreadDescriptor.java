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
 * How many connections the server closed while their peers were sending.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "drained", "cut" })
public final class UnreadDescriptor {

	private final long drained;

	private final long cut;

	UnreadDescriptor(long drained, long cut) {
		this.drained = drained;
		this.cut = cut;
	}

	/**
	 * Return how many were kept until the peer stopped: nothing was lost.
	 * @return the number of connections
	 */
	public long getDrained() {
		return this.drained;
	}

	/**
	 * Return how many were closed anyway: the response may be lost.
	 * @return the number of connections
	 */
	public long getCut() {
		return this.cut;
	}

}
