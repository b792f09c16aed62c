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

import java.util.EventListener;
import java.util.concurrent.TimeoutException;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Represents in Jetty a TLS connection that waits for its peer elsewhere.
 */
final class WaitingConnection implements Connection {

	private final EndPoint endPoint;

	WaitingConnection(EndPoint endPoint) {
		this.endPoint = endPoint;
	}

	@Override
	public EndPoint getEndPoint() {
		return this.endPoint;
	}

	/**
	 * Does nothing: the waiting thread closes it.
	 */
	@Override
	public void close() {
	}

	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return false;
	}

	@Override
	public void addEventListener(EventListener listener) {
	}

	@Override
	public void removeEventListener(EventListener listener) {
	}

	@Override
	public void onOpen() {
	}

	@Override
	public void onClose(@Nullable Throwable cause) {
	}

	@Override
	public long getMessagesIn() {
		return -1;
	}

	@Override
	public long getMessagesOut() {
		return -1;
	}

	@Override
	public long getBytesIn() {
		return -1;
	}

	@Override
	public long getBytesOut() {
		return -1;
	}

	@Override
	public long getCreatedTimeStamp() {
		return this.endPoint.getCreatedTimeStamp();
	}

}
