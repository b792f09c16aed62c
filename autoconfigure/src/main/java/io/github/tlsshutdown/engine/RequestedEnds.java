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

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Reads what requests say, by the attribute {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE},
 * about the end of their connections. Safe for use by several threads.
 */
public final class RequestedEnds {

	private static final int LONGEST_SHOWN = 40;

	private final OccasionalLog badValues = new OccasionalLog(LogFactory.getLog(RequestedEnds.class));

	/**
	 * Read the attribute. A value that is not allowed has no effect but a warning.
	 * @param value the attribute's value, or {@code null} if the request has none
	 * @return what is asked for, or {@code null} if nothing
	 */
	public @Nullable RequestedEnd read(@Nullable Object value) {
		RequestedEnd end = (value != null) ? RequestedEnd.of(value) : null;
		if (value != null && end == null) {
			this.badValues.warn("The request attribute " + TlsShutdownPolicy.REQUEST_ATTRIBUTE + " is '"
					+ shown(value.toString())
					+ "', which is no policy, and has no effect. It must be a TlsShutdownPolicy or the name of one, or"
					+ " abort.", null);
		}
		return end;
	}

	// It may come from a client: no line breaks, and no more than anybody needs
	private static String shown(String value) {
		String printable = value.replaceAll("[^\\x20-\\x7e]", "?");
		return (printable.length() > LONGEST_SHOWN) ? printable.substring(0, LONGEST_SHOWN) + "..." : printable;
	}

}
