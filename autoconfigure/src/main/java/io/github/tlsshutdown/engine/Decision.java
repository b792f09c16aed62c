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

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * How a connection ends, and what chose that.
 *
 * @param settings how it ends
 * @param decidedBy what chose it, as in events
 */
public record Decision(TlsShutdownSettings settings, String decidedBy) {

	/** The configuration. */
	public static final String BY_PROPERTY = "property";

	/** A change at run time. */
	public static final String BY_ENDPOINT = "endpoint";

	/** A request of the connection. */
	public static final String BY_REQUEST = "request";

	Decision withPolicy(TlsShutdownPolicy policy, String decidedBy) {
		return new Decision(this.settings.withPolicy(policy), decidedBy);
	}

}
