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

package io.github.tlsshutdown.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * How the requests of one connection want it to end. What a request wants is read once
 * its exchange is over, or when the connection is closed: until then its handler can
 * still decide. Safe for use by several threads.
 */
final class ConnectionRequests {

	private final RequestedEnds requestedEnds;

	/** Of exchanges that are not over. Dropped afterwards, as each keeps its exchange. */
	private final List<Supplier<?>> open = new ArrayList<>(1);

	private @Nullable RequestedEnd end;

	ConnectionRequests(RequestedEnds requestedEnds) {
		this.requestedEnds = requestedEnds;
	}

	/**
	 * The exchange of an HTTP/2 stream begins.
	 * @param policy provides the value of its attribute
	 */
	synchronized void begun(Supplier<?> policy) {
		this.open.add(policy);
	}

	/**
	 * The next exchange of HTTP/1.1 begins, which has only one at a time.
	 * @param policy provides the value of its attribute
	 */
	synchronized void next(Supplier<?> policy) {
		requested();
		this.open.clear();
		begun(policy);
	}

	/**
	 * Return the exchange that has begun last.
	 * @return what provides its attribute, or {@code null} if all are over
	 */
	synchronized @Nullable Supplier<?> latest() {
		return this.open.isEmpty() ? null : this.open.get(this.open.size() - 1);
	}

	/**
	 * An exchange is over. Does nothing if it was already.
	 * @param policy provides the value of its attribute
	 */
	synchronized void over(Supplier<?> policy) {
		if (this.open.remove(policy)) {
			read(policy);
		}
	}

	/**
	 * Return what the requests have asked for: the last one to decide does.
	 * @return what they have asked for, or {@code null} if nothing
	 */
	synchronized @Nullable RequestedEnd requested() {
		this.open.forEach(this::read);
		return this.end;
	}

	private void read(Supplier<?> policy) {
		RequestedEnd requested = this.requestedEnds.read(policy);
		this.end = (requested != null) ? requested : this.end;
	}

}
