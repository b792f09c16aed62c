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

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * The endpoint: creates TLS channels that end by a policy, and manages the lifecycle of
 * the reactor that waits for their peers.
 */
class TlsShutdownNioEndpoint extends NioEndpoint {

	private final TomcatConnector tlsConnector;

	TlsShutdownNioEndpoint(TomcatConnector tlsConnector) {
		this.tlsConnector = tlsConnector;
	}

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffer) {
		return isSSLEnabled() ? new TlsShutdownNioChannel(buffer, this, this.tlsConnector)
				: super.createChannel(buffer);
	}

	@Override
	public void startInternal() throws Exception {
		// Before the acceptor starts: the first connection can end at once
		if (!this.running && isSSLEnabled()) {
			this.tlsConnector.started(getName(), getLocalPort(), getMaxConnections(), getSocketProperties());
		}
		super.startInternal();
	}

	@Override
	public void stopInternal() {
		// Closes every connection on a thread that it does not wait for very long
		super.stopInternal();
		this.tlsConnector.stopInGroup();
	}

}
