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

package io.github.tlsshutdown.autoconfigure;

import java.util.function.Supplier;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Passes on to a server how an exchange wants its connection to end.
 */
@FunctionalInterface
interface NativeRequestPolicy {

	/**
	 * Let the server read the value when it needs it.
	 * @param request the server's own request, which can be that of another server
	 * @param policy provides the value of {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}, or
	 * {@code null} if the exchange has none
	 */
	void set(Object request, Supplier<?> policy);

}
