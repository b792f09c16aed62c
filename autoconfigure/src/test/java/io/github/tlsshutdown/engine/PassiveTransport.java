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

package io.github.tlsshutdown.engine;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * A transport to a peer that reads everything and sends nothing.
 */
class PassiveTransport implements Transport {

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	byte[] written() {
		return this.written.toByteArray();
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return null;
	}

	@Override
	public void write(ByteBuffer data) {
		byte[] bytes = new byte[data.remaining()];
		data.get(bytes);
		this.written.writeBytes(bytes);
	}

	@Override
	public boolean flush() {
		return false;
	}

	@Override
	public boolean isFlushed() {
		return true;
	}

	@Override
	public int read(ByteBuffer target) {
		return 0;
	}

	@Override
	public void shutdownOutput() {
	}

	@Override
	public void close() {
	}

	@Override
	public void release(SSLEngine engine) throws SSLException {
	}

	@Override
	public Admission await(ConnectionShutdown shutdown) {
		return Admission.ADMITTED;
	}

}
