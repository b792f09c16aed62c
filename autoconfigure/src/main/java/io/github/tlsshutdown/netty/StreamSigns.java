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

import java.util.function.Predicate;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Reads from the codec how far the requests and responses of an HTTP/2 connection have
 * got.
 */
final class StreamSigns {

	private final Channel channel;

	StreamSigns(Channel channel) {
		this.channel = channel;
	}

	/**
	 * Return whether a request or a response is not complete.
	 * @return whether there is a stream
	 */
	boolean isOpen() {
		return any((stream) -> true);
	}

	/**
	 * Return whether a request was not read completely.
	 * @return whether the peer may still be sending
	 */
	boolean isRequestOpen() {
		return any((stream) -> stream.state().remoteSideOpen());
	}

	/**
	 * Return whether a response has begun and was not written completely.
	 * @return whether the peer may have received only part of a response
	 */
	boolean isResponseOpen() {
		return any((stream) -> stream.isHeadersSent() && stream.state().localSideOpen());
	}

	private boolean any(Predicate<Http2Stream> condition) {
		Http2ConnectionHandler codec = this.channel.pipeline().get(Http2ConnectionHandler.class);
		try {
			// The stream at which it has stopped
			return codec != null && codec.connection().forEachActiveStream((stream) -> !condition.test(stream)) != null;
		}
		catch (Http2Exception ex) {
			// Thrown by visitors only
			throw new IllegalStateException(ex);
		}
	}

}
