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
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * Tells of the connections that its connector accepts, before anything is done with them.
 */
public final class CountingProtocol extends TlsShutdownHttp11NioProtocol {

	private final CountingEndpoint endpoint;

	public CountingProtocol() {
		this(new TomcatConnector());
	}

	private CountingProtocol(TomcatConnector tlsConnector) {
		this(new CountingEndpoint(tlsConnector), tlsConnector);
	}

	private CountingProtocol(CountingEndpoint endpoint, TomcatConnector tlsConnector) {
		super(endpoint, tlsConnector);
		this.endpoint = endpoint;
	}

	/**
	 * Have someone told of each connection that is accepted from now on.
	 * @param listener is told of the peer's address, and must not block
	 */
	public void onAccepted(Consumer<InetSocketAddress> listener) {
		this.endpoint.listener = listener;
	}

	private static final class CountingEndpoint extends TlsShutdownNioEndpoint {

		private volatile Consumer<InetSocketAddress> listener = (address) -> {
		};

		CountingEndpoint(TomcatConnector tlsConnector) {
			super(tlsConnector);
		}

		@Override
		protected boolean setSocketOptions(SocketChannel socket) {
			try {
				this.listener.accept((InetSocketAddress) socket.getRemoteAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return super.setSocketOptions(socket);
		}

	}

}
