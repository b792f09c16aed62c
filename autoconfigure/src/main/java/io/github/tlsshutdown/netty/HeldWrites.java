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
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * What an engine writes when it has read the peer's close_notify: the JDK's engines with
 * TLS 1.2, and OpenSSL engines, answer automatically.
 */
final class HeldWrites {

	private @Nullable List<Held> writes;

	void add(ByteBuf data, ChannelPromise promise) {
		List<Held> writes = this.writes;
		if (writes == null) {
			writes = new ArrayList<>(1);
			this.writes = writes;
		}
		writes.add(new Held(data, promise));
	}

	/**
	 * Take the bytes out.
	 * @param target where to put them, if it is large enough
	 * @return a buffer with them, ready to be read
	 */
	ByteBuffer take(ByteBuffer target) {
		target.clear();
		List<Held> writes = this.writes;
		if (writes == null) {
			return target.flip();
		}
		this.writes = null;
		int size = writes.stream().mapToInt((held) -> held.data().readableBytes()).sum();
		ByteBuffer bytes = (size > target.capacity()) ? ByteBuffer.allocate(size) : target;
		for (Held held : writes) {
			bytes.put(held.data().nioBuffer());
			held.data().release();
			held.promise().trySuccess();
		}
		return bytes.flip();
	}

	/**
	 * Write the bytes after all.
	 * @param ctx where to write them
	 */
	void letGo(ChannelHandlerContext ctx) {
		List<Held> writes = this.writes;
		if (writes != null) {
			this.writes = null;
			writes.forEach((held) -> ctx.write(held.data(), held.promise()));
			ctx.flush();
		}
	}

	private record Held(ByteBuf data, ChannelPromise promise) {

	}

}
