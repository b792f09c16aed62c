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

import java.nio.ByteBuffer;

import javax.net.ssl.SSLException;

/**
 * The peer has sent a fatal alert that the engine did not recognize. A client can reject
 * the server's certificate by an alert before it has keys to encrypt it, when a TLS 1.3
 * server already expects encrypted records.
 */
public final class PeerAlertException extends SSLException {

	private static final long serialVersionUID = 1L;

	private static final int HEADER = 5;

	private static final byte ALERT = 21;

	private static final int ALERT_LENGTH = 2;

	private static final byte FATAL = 2;

	/**
	 * Create an exception.
	 * @param cause the engine's exception for the alert
	 */
	public PeerAlertException(SSLException cause) {
		super("The peer has sent a fatal alert that is not encrypted", cause);
	}

	/**
	 * Return whether there is a fatal alert among records that were read during a
	 * handshake. An encrypted one is longer.
	 * @param records the records, from the beginning of a buffer
	 * @param end where they end
	 * @return whether there is one
	 */
	public static boolean isIn(ByteBuffer records, int end) {
		int position = 0;
		while (end - position >= HEADER + ALERT_LENGTH) {
			int length = records.getShort(position + HEADER - 2) & 0xffff;
			if (records.get(position) == ALERT && length == ALERT_LENGTH && records.get(position + HEADER) == FATAL) {
				return true;
			}
			position += HEADER + length;
		}
		return false;
	}

}
