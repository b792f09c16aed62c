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

import java.util.function.BooleanSupplier;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.UpgradeToken;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.coyote.http11.upgrade.UpgradeProcessorInternal;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's HTTP/2, with connections that can be closed after their last stream.
 */
final class DrainableHttp2Protocol implements UpgradeProtocol {

	private final Http2Protocol delegate;

	private final BooleanSupplier stopping;

	/**
	 * Create a protocol.
	 * @param delegate the protocol of Tomcat
	 * @param stopping whether a graceful stop is under way
	 */
	DrainableHttp2Protocol(Http2Protocol delegate, BooleanSupplier stopping) {
		this.delegate = delegate;
		this.stopping = stopping;
	}

	@Override
	public Processor getProcessor(SocketWrapperBase<?> socketWrapper, Adapter adapter) {
		if (!socketWrapper.hasAsyncIO()) {
			// Without asynchronous I/O, Tomcat has another handler, not extensible
			return this.delegate.getProcessor(socketWrapper, adapter);
		}
		InternalHttpUpgradeHandler handler = new DrainableHttp2Handler(this.delegate, adapter, socketWrapper,
				this.stopping);
		return new UpgradeProcessorInternal(socketWrapper,
				new UpgradeToken(handler, null, null, this.delegate.getUpgradeProtocolName()), null);
	}

	@Override
	public InternalHttpUpgradeHandler getInternalUpgradeHandler(SocketWrapperBase<?> socketWrapper, Adapter adapter,
			Request request) {
		return this.delegate.getInternalUpgradeHandler(socketWrapper, adapter, request);
	}

	@Override
	public String getHttpUpgradeName(boolean isSslEnabled) {
		return this.delegate.getHttpUpgradeName(isSslEnabled);
	}

	@Override
	public byte[] getAlpnIdentifier() {
		return this.delegate.getAlpnIdentifier();
	}

	@Override
	public String getAlpnName() {
		return this.delegate.getAlpnName();
	}

	@Override
	public boolean accept(Request request) {
		return this.delegate.accept(request);
	}

}
