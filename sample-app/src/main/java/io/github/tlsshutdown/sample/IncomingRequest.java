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

import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * A request, and the connection that carries it, for any server.
 *
 * @param queryParameters parameters of the query, not of the body
 * @param http the version of HTTP
 * @param local the server's address
 * @param remote the client's address
 * @param tls the TLS version
 * @param cipherSuite the cipher suite
 */
public record IncomingRequest(MultiValueMap<String, String> queryParameters, String http, InetSocketAddress local,
		InetSocketAddress remote, @Nullable String tls, @Nullable String cipherSuite) {
}
