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
 * Whether the {@code SslHandler} is encrypting what was written from above. What fails
 * then is nothing that the peer has reported, as that is met when it is read: an engine
 * over OpenSSL that finds a failure itself gives its alert, and throws only when it is to
 * encrypt the next time.
 */
final class Encryption {

	private boolean underWay;

	private boolean readable;

	/**
	 * Have what was written encrypted, even if nobody has flushed it.
	 * @param plain where it was written
	 * @param engine the engine, if the handshake is complete
	 */
	void flush(ChannelHandlerContext plain, @Nullable SSLEngine engine) {
		if (this.underWay) {
			// Whoever learns of a failure may flush again
			plain.flush();
			return;
		}
		this.underWay = true;
		this.readable = engine != null && !engine.isInboundDone();
		plain.flush();
		this.underWay = false;
	}

	/**
	 * Return whether what is written to the socket now is what was written from above.
	 * @return whether it is, and not what the engine has to say by itself
	 */
	boolean isUnderWay() {
		return this.underWay;
	}

	/**
	 * Return whether the engine has failed just now. The {@code SslHandler} closes it,
	 * and fails what was written, before it tells of that: whoever wrote may close first.
	 * @param engine the engine
	 * @return whether it was closed for another reason than the peer's close_notify
	 */
	boolean hasFailed(SSLEngine engine) {
		return this.underWay && this.readable && engine.isInboundDone();
	}

}
