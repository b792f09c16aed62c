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

package io.github.tlsshutdown.sample;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;

/**
 * Has connections of the demo end by policies of their own, so that they can be compared
 * without a change for anybody else.
 */
@Component
class DemoPolicies implements TlsShutdownPolicyResolver {

	private final Map<InetSocketAddress, TlsShutdownPolicy> policies = new ConcurrentHashMap<>();

	@Override
	public @Nullable TlsShutdownPolicy resolve(TlsShutdownConnection connection) {
		InetSocketAddress remote = connection.getRemoteAddress();
		return (remote != null) ? this.policies.get(remote) : null;
	}

	void choose(InetSocketAddress client, TlsShutdownPolicy policy) {
		this.policies.put(client, policy);
	}

	void forget(InetSocketAddress client) {
		this.policies.remove(client);
	}

}
