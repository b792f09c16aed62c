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

package io.github.tlsshutdown;

import org.jspecify.annotations.Nullable;

/**
 * Decides, in code, by which policy a single TLS connection ends. Beans of this type are
 * asked in their order, before any rule among the properties.
 * <p>
 * Called by the thread that closes the connection, for every connection whose handshake
 * was completed: an implementation must be thread-safe and quick, and must not block. An
 * exception counts as no opinion and is logged once in a while.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TlsShutdownPolicyResolver {

	/**
	 * Decide how a connection ends.
	 * @param connection the connection, not to be kept
	 * @return the policy, or {@code null} for no opinion
	 */
	@Nullable TlsShutdownPolicy resolve(TlsShutdownConnection connection);

}
