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

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Gets alerts from an engine.
 */
public final class Alerts {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private Alerts() {
	}

	/**
	 * Let an engine answer what it has read, before it is closed. An OpenSSL engine that
	 * could not read a record produces its fatal alert, and throws only after that:
	 * closing it earlier destroys the alert.
	 * @param engine the engine, which is not closed for output
	 * @param target an empty buffer, ready to be read afterwards, even if this fails
	 * @throws SSLException if TLS has failed
	 */
	static void wrapAnswer(SSLEngine engine, ByteBuffer target) throws SSLException {
		try {
			int produced;
			do {
				produced = engine.wrap(NOTHING.duplicate(), target).bytesProduced();
			}
			while (produced > 0);
		}
		finally {
			target.flip();
		}
	}

	/**
	 * Replace a buffer's content with close_notify.
	 * @param engine the engine, which is closed for output
	 * @param target the buffer, ready to be read afterwards
	 * @throws SSLException if the engine does not produce its alert
	 */
	static void wrapCloseNotify(SSLEngine engine, ByteBuffer target) throws SSLException {
		boolean produced = engine.isOutboundDone();
		engine.closeOutbound();
		wrap(engine, target);
		if (!engine.isOutboundDone() || !(produced || target.hasRemaining())) {
			throw new SSLException("The TLS engine did not produce its close_notify");
		}
	}

	/**
	 * Replace a buffer's content with the fatal alert, or the rest of one, that the
	 * engine has to send after a failure. Errors are ignored: the connection is already
	 * lost.
	 * @param engine the engine
	 * @param target the buffer, ready to be read afterwards
	 * @return whether there was anything
	 */
	static boolean wrapFatal(SSLEngine engine, ByteBuffer target) {
		try {
			wrap(engine, target);
			return target.hasRemaining();
		}
		catch (SSLException ex) {
			target.limit(target.position());
			return false;
		}
	}

	private static void wrap(SSLEngine engine, ByteBuffer target) throws SSLException {
		target.clear();
		int produced;
		do {
			// One record at a time: there may be another before the alert
			produced = engine.wrap(NOTHING.duplicate(), target).bytesProduced();
		}
		while (produced > 0 && !engine.isOutboundDone());
		target.flip();
	}

	/**
	 * Make an engine free its native memory. It does so once both directions are closed
	 * and nothing is left to send; otherwise the garbage collector would have to.
	 * @param engine the engine, which is no longer used
	 * @throws SSLException if the engine fails
	 */
	public static void release(SSLEngine engine) throws SSLException {
		engine.closeOutbound();
		if (engine.getClass().getModule() == SSLEngine.class.getModule()) {
			// The JDK's has no native memory, and throws if the peer sent no alert
			return;
		}
		if (!engine.isOutboundDone()) {
			wrap(engine, ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
		}
		engine.closeInbound();
	}

}
