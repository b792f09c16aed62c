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

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * How the last request of a connection wants it to end: the value of the attribute
 * {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}.
 */
public enum RequestedEnd {

	/** By {@link TlsShutdownPolicy#UNIDIRECTIONAL}. */
	UNIDIRECTIONAL(TlsShutdownPolicy.UNIDIRECTIONAL),

	/** By {@link TlsShutdownPolicy#BIDIRECTIONAL}. */
	BIDIRECTIONAL(TlsShutdownPolicy.BIDIRECTIONAL),

	/** By {@link TlsShutdownPolicy#QUIET}. */
	QUIET(TlsShutdownPolicy.QUIET),

	/** Without a close_notify, as the response is not complete. */
	ABORT(null);

	private static final int LONGEST_NAME = 14;

	private final @Nullable TlsShutdownPolicy policy;

	RequestedEnd(@Nullable TlsShutdownPolicy policy) {
		this.policy = policy;
	}

	/**
	 * Return the policy that is asked for.
	 * @return the policy, or {@code null} for {@link #ABORT}
	 */
	@Nullable TlsShutdownPolicy policy() {
		return this.policy;
	}

	/**
	 * Read the attribute.
	 * @param value the attribute's value
	 * @return what is asked for, or {@code null} if the value is not allowed
	 */
	public static @Nullable RequestedEnd of(Object value) {
		String name = (value instanceof Enum<?> constant) ? constant.name() : value.toString();
		if (name.length() > LONGEST_NAME) {
			return null;
		}
		for (RequestedEnd end : values()) {
			if (end.name().equals(name.toUpperCase(Locale.ROOT))) {
				return end;
			}
		}
		return null;
	}

}
