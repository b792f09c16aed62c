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

/**
 * Whether a peer was still sending, and whether it could finish, when the server closed
 * the connection.
 * <p>
 * Closing a socket with unread data makes the kernel send a reset, and the peer may lose
 * what it has not read yet of the response (RFC 9112 section 9.6). More constants may be
 * added.
 *
 * @since 0.1.0
 */
public enum TlsShutdownUnread {

	/** The peer was not sending. */
	NONE,

	/** The server lingered until the peer stopped: nothing was lost. */
	DRAINED,

	/**
	 * The server closed anyway, because of one of its limits or because it does not
	 * linger: the response may be lost.
	 */
	CUT

}
