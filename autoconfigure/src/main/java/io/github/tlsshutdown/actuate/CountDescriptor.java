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

/**
 * Numbers of connections, by side.
 *
 * @since 0.1.0
 */
public final class CountDescriptor {

	private final long local;

	private final long peer;

	CountDescriptor(long local, long peer) {
		this.local = local;
		this.peer = peer;
	}

	/**
	 * Return how many connections the server was the first to close, or cut off.
	 * @return the number of connections
	 */
	public long getLocal() {
		return this.local;
	}

	/**
	 * Return how many connections the peer was the first to close, or cut off.
	 * @return the number of connections
	 */
	public long getPeer() {
		return this.peer;
	}

}
