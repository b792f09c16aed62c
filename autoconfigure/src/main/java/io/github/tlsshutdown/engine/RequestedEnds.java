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

import java.util.Objects;
import java.util.function.Supplier;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Reads how requests want their connections to end, from the attribute
 * {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}. Safe for use by several threads.
 */
public final class RequestedEnds {

	/** How much of a value is logged. */
	private static final int LONGEST = 100;

	private final OccasionalLog badValues = new OccasionalLog(LogFactory.getLog(RequestedEnds.class));

	/**
	 * Create a reader.
	 */
	public RequestedEnds() {
	}

	/**
	 * Read the attribute. An invalid value, or one that cannot be read, only causes a
	 * warning.
	 * @param value the attribute's value, a {@link Supplier} of it, or {@code null} if
	 * the request has none
	 * @return what is asked for, or {@code null} if nothing
	 */
	public @Nullable RequestedEnd read(@Nullable Object value) {
		boolean interrupted = Thread.currentThread().isInterrupted();
		try {
			Object current = (value instanceof Supplier<?> later) ? later.get() : value;
			return (current != null) ? endOf(current) : null;
		}
		catch (Throwable ex) {
			warn("cannot be read", ex);
			return null;
		}
		finally {
			InterruptStatus.restore(interrupted);
		}
	}

	private @Nullable RequestedEnd endOf(Object value) {
		String text = Objects.requireNonNullElse(textOf(value), "null");
		RequestedEnd end = RequestedEnd.of(text);
		if (end == null) {
			warn("is '" + printable(text) + "', which is not a policy", null);
		}
		return end;
	}

	private static @Nullable String textOf(Object value) {
		return (value instanceof Enum<?> constant) ? constant.name() : value.toString();
	}

	private void warn(String problem, @Nullable Throwable cause) {
		this.badValues.warn("The request attribute " + TlsShutdownPolicy.REQUEST_ATTRIBUTE + " " + problem
				+ ", and has no effect. Use a TlsShutdownPolicy or its name.", cause);
	}

	// The value may come from a client
	private static String printable(String text) {
		String start = (text.length() > LONGEST) ? text.substring(0, LONGEST) + "..." : text;
		return start.replaceAll("[^\\p{Graph} ]", "?");
	}

}
