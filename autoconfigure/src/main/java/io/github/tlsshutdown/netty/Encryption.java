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

package io.github.tlsshutdown.netty;

import javax.net.ssl.SSLEngine;

import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Whether the {@code SslHandler} is encrypting application data. A failure then was not
 * reported by the peer, as such a failure shows when data is read: an OpenSSL engine that
 * finds a failure itself produces its alert, and throws only when it is to encrypt the
 * next time.
 */
final class Encryption {

	private boolean underWay;

	private boolean readable;

	/**
	 * Encrypt what was written, even if it was not flushed.
	 * @param plain where it was written
	 * @param engine the engine, if the handshake is complete
	 */
	void flush(ChannelHandlerContext plain, @Nullable SSLEngine engine) {
		if (this.underWay) {
			// A handler that is notified of a failure can flush again
			plain.flush();
			return;
		}
		this.underWay = true;
		this.readable = engine != null && !engine.isInboundDone();
		plain.flush();
		this.underWay = false;
	}

	/**
	 * Return whether data written to the socket now is application data.
	 * @return whether it is, rather than the engine's own messages
	 */
	boolean isUnderWay() {
		return this.underWay;
	}

	/**
	 * Return whether the engine has failed just now. The {@code SslHandler} closes it and
	 * fails the writes before it reports that: the application can close first.
	 * @param engine the engine
	 * @return whether it was closed for another reason than the peer's close_notify
	 */
	boolean hasFailed(SSLEngine engine) {
		return this.underWay && this.readable && engine.isInboundDone();
	}

}
