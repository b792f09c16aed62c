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

import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sockets below end points.
 */
final class SocketEndPoints {

	private SocketEndPoints() {
	}

	/**
	 * Return whether connections over an end point can be taken over.
	 * @param endPoint the end point
	 * @return whether there is a socket below it
	 */
	static boolean supports(EndPoint endPoint) {
		return lowest(endPoint) instanceof AbstractEndPoint end && end.getTransport() instanceof SocketChannel;
	}

	/**
	 * Return the end point of the socket below an end point that is supported.
	 * @param endPoint the end point
	 * @return the socket's own
	 */
	static AbstractEndPoint of(EndPoint endPoint) {
		return (AbstractEndPoint) lowest(endPoint);
	}

	static SocketChannel socket(AbstractEndPoint endPoint) {
		return (SocketChannel) endPoint.getTransport();
	}

	/**
	 * Return the address of a socket's peer, even if Jetty has closed the socket, when
	 * the channel no longer knows it.
	 * @param socket the socket
	 * @return the address, or {@code null} if it has none
	 */
	static @Nullable InetSocketAddress remoteAddress(SocketChannel socket) {
		try {
			return (socket.socket().getRemoteSocketAddress() instanceof InetSocketAddress address) ? address : null;
		}
		catch (UnsupportedOperationException ex) {
			// Of another family
			return null;
		}
	}

	// There can be others in between, such as that of the PROXY protocol
	private static EndPoint lowest(EndPoint endPoint) {
		EndPoint lowest = endPoint;
		while (lowest instanceof EndPoint.Wrapper wrapper) {
			lowest = wrapper.unwrap();
		}
		return lowest;
	}

}
