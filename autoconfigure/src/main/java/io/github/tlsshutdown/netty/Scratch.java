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

import java.nio.ByteBuffer;

import io.netty.util.concurrent.FastThreadLocal;

import io.github.tlsshutdown.engine.PeerReader;

/**
 * Buffers shared by the connections of an event loop, as only one of them uses them at a
 * time. If they are in use, when a listener of one connection ends another, new ones are
 * created.
 */
final class Scratch implements AutoCloseable {

	private static final FastThreadLocal<Scratch> shared = new FastThreadLocal<>() {

		@Override
		protected Scratch initialValue() {
			return new Scratch();
		}

	};

	private final ByteBuffer unread = ByteBuffer.allocate(PeerReader.BUFFER_SIZE);

	private final ByteBuffer unsent = ByteBuffer.allocate(PeerReader.BUFFER_SIZE);

	private final PeerReader reader = new PeerReader();

	private boolean inUse;

	/**
	 * Take the event loop's.
	 * @return buffers, to be closed when no longer used
	 */
	static Scratch take() {
		Scratch scratch = shared.get();
		if (scratch.inUse) {
			scratch = new Scratch();
		}
		scratch.inUse = true;
		return scratch;
	}

	ByteBuffer unread() {
		return this.unread;
	}

	ByteBuffer unsent() {
		return this.unsent;
	}

	PeerReader reader() {
		return this.reader;
	}

	@Override
	public void close() {
		this.inUse = false;
	}

}
