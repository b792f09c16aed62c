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

package io.github.tlsshutdown.nio;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * Checks whether there is something to read from a socket, without reading it.
 */
public final class ReadableSockets implements AutoCloseable {

	private @Nullable Selector selector;

	/**
	 * Return whether a peer has sent something that was not read, or has left.
	 * @param socket the socket
	 * @return whether a read would return at once
	 * @throws IOException if that cannot be determined
	 */
	public boolean contains(SocketChannel socket) throws IOException {
		Selector selector = selector();
		SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
		try {
			return selector.selectNow() > 0;
		}
		finally {
			// At once, as the socket may be closed next and must not be registered then
			key.cancel();
			selector.selectNow();
		}
	}

	// Without a file descriptor to spare, connections that need no check are still served
	private Selector selector() throws IOException {
		Selector selector = this.selector;
		if (selector == null) {
			selector = Selector.open();
			this.selector = selector;
		}
		return selector;
	}

	@Override
	public void close() throws IOException {
		if (this.selector != null) {
			this.selector.close();
		}
	}

}
