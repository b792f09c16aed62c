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

import java.util.List;
import java.util.Objects;

import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Access to HTTP/2, only to be used if it was negotiated: otherwise the library may be
 * missing.
 */
final class Http2Sessions {

	private Http2Sessions() {
	}

	/**
	 * Send GOAWAY on a connection, and still accept streams that its client opens before
	 * it receives it. Does nothing the second time.
	 * @param connection the connection
	 */
	static void shutdown(Connection connection) {
		if (connection instanceof HTTP2Connection http2) {
			http2.getSession().shutdown();
		}
	}

	/**
	 * Return whether there is a request that has not been answered. It may not be handled
	 * yet: all threads can be busy.
	 * @param connection the connection
	 * @return whether one of its streams is a request, and not a WebSocket that was
	 * opened
	 */
	static boolean hasRequest(Connection connection) {
		return connection instanceof HTTP2Connection http2
				&& http2.getSession().getStreams().stream().anyMatch((stream) -> webSocketOf(stream) == null);
	}

	/**
	 * Return the WebSockets of a connection (RFC 8441).
	 * @param connection the connection
	 * @return an end point for each stream that is one
	 */
	static List<EndPoint> webSockets(Connection connection) {
		return (connection instanceof HTTP2Connection http2) ? http2.getSession()
			.getStreams()
			.stream()
			.map(Http2Sessions::webSocketOf)
			.filter(Objects::nonNull)
			.toList() : List.of();
	}

	private static @Nullable EndPoint webSocketOf(Stream stream) {
		return (stream instanceof HTTP2Stream known && known.getAttachment() instanceof EndPoint endPoint) ? endPoint
				: null;
	}

	/**
	 * Return whether a request was received completely, if the stream is still known.
	 * @param connection the connection
	 * @param streamId the identifier of the request's stream
	 * @return whether its client sends nothing more for it
	 */
	static boolean isReceived(Connection connection, String streamId) {
		if (connection instanceof HTTP2Connection http2) {
			HTTP2Stream stream = http2.getSession().getStream(Integer.parseInt(streamId));
			return stream != null && stream.isLastDataReceived();
		}
		return false;
	}

}
