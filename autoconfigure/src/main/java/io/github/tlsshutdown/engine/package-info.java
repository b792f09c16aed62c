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

/**
 * The end of a TLS connection, for any server: the rules, decryption of what the peer
 * still sends, state shared by the connections of a connector. Independent of servers and
 * sockets; a server implements {@link io.github.tlsshutdown.engine.Transport}.
 * <p>
 * Internal: public only because several packages of this library need it. It can change
 * in any version.
 */
@NullMarked
package io.github.tlsshutdown.engine;

import org.jspecify.annotations.NullMarked;
