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

package io.github.tlsshutdown.jetty;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * What an engine wants to do, before TLS 1.3 only.
 */
final class EngineState {

	private EngineState() {
	}

	/**
	 * With TLS 1.2 an engine answers the peer's close_notify automatically. Whether to do
	 * so is the shutdown's decision.
	 * @param engine the engine, which has completed its handshake
	 * @return whether the answer is all that it has to send
	 */
	static boolean wantsToAnswer(SSLEngine engine) {
		return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && engine.isInboundDone()
				&& isBeforeTls13(engine);
	}

	/**
	 * Return whether the peer has asked for a new handshake.
	 * @param engine the engine, which has completed its first
	 * @param read the engine's result of the read
	 * @return whether it is in a new handshake
	 */
	static boolean wantsToRenegotiate(SSLEngine engine, SSLEngineResult read) {
		return read.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING && !engine.isInboundDone()
				&& isBeforeTls13(engine);
	}

	private static boolean isBeforeTls13(SSLEngine engine) {
		return !"TLSv1.3".equals(engine.getSession().getProtocol());
	}

}
