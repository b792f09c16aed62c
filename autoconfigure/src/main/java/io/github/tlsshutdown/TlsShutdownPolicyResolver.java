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
 * Chooses, in code, the policy of a single TLS connection. Beans of this type are called
 * in order, before any rule of the properties.
 * <p>
 * Called by the thread that closes the connection, for every connection whose handshake
 * was completed: an implementation must be thread-safe and fast, and must not block. An
 * exception counts as {@code null} and is logged at most once a minute.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TlsShutdownPolicyResolver {

	/**
	 * Choose how a connection ends.
	 * @param connection the connection, valid only during the call
	 * @return the policy, or {@code null} to make no choice
	 */
	@Nullable TlsShutdownPolicy resolve(TlsShutdownConnection connection);

}
