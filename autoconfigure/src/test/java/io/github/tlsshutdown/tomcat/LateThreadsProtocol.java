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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Has each new connection's channel used by whoever has the last one in mind.
 */
public final class LateThreadsProtocol extends TlsShutdownHttp11NioProtocol {

	public LateThreadsProtocol() {
		this(new TomcatConnector());
	}

	private LateThreadsProtocol(TomcatConnector tlsConnector) {
		super(new Endpoint(tlsConnector), tlsConnector);
	}

	private static final class Endpoint extends TlsShutdownNioEndpoint {

		private final TomcatConnector tlsConnector;

		Endpoint(TomcatConnector tlsConnector) {
			super(tlsConnector);
			this.tlsConnector = tlsConnector;
		}

		@Override
		protected NioChannel createChannel(SocketBufferHandler buffer) {
			return new LatelyUsedChannel(buffer, this, this.tlsConnector);
		}

	}

	private static final class LatelyUsedChannel extends TlsShutdownNioChannel {

		LatelyUsedChannel(SocketBufferHandler buffer, Endpoint endpoint, TomcatConnector tlsConnector) {
			super(buffer, endpoint, tlsConnector);
		}

		@Override
		public void reset(SocketChannel channel, NioSocketWrapper socketWrapper) throws IOException {
			super.reset(channel, socketWrapper);
			if (channel != null) {
				useLately();
			}
		}

		@Override
		public int handshake(boolean read, boolean write) throws IOException {
			int result = super.handshake(read, write);
			if (result > 0) {
				writeLately();
			}
			return result;
		}

		private void useLately() throws IOException {
			ByteBuffer data = ByteBuffer.allocate(10);
			assertThat(read(data)).isEqualTo(-1);
			assertThat(read(new ByteBuffer[] { data }, 0, 1)).isEqualTo(-1);
			writeLately();
		}

		private void writeLately() {
			ByteBuffer data = ByteBuffer.allocate(10);
			assertThatIOException().isThrownBy(() -> write(data));
			assertThatIOException().isThrownBy(() -> write(new ByteBuffer[] { data }, 0, 1));
		}

	}

}
