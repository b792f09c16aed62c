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

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Addresses as text.
 */
final class HostAndPort {

	private HostAndPort() {
	}

	static @Nullable String of(@Nullable InetSocketAddress socketAddress) {
		InetAddress address = (socketAddress != null) ? socketAddress.getAddress() : null;
		if (socketAddress == null || address == null) {
			return null;
		}
		// Not the name, which would need a DNS lookup
		String host = address.getHostAddress();
		return ((host.indexOf(':') != -1) ? "[" + host + "]" : host) + ":" + socketAddress.getPort();
	}

}
