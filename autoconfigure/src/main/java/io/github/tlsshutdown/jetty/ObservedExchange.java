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

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * An HTTP/1.1 request and its response, the only ones on the connection at a time.
 */
final class ObservedExchange extends ObservedStream {

	private final Exchange exchange;

	/** Whether the response is an error response. */
	private volatile boolean errorAnswered;

	/** Whether an error occurred after the response had begun. */
	private volatile boolean errorMissed;

	ObservedExchange(HttpStream stream, Request request, ConnectionSigns signs, RequestedEnds requestedEnds) {
		super(stream, request, signs, requestedEnds);
		this.exchange = signs.exchange();
		this.exchange.begun(request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
	}

	@Override
	public Content.@Nullable Chunk read() {
		Content.Chunk chunk = super.read();
		if (isEnd(chunk)) {
			this.exchange.bodyRead();
		}
		return chunk;
	}

	@Override
	Callback writing(MetaData.@Nullable Response response, int length, boolean last, Callback callback) {
		boolean error = request().getAttribute(ErrorHandler.ERROR_STATUS) != null;
		if (response != null && response.getStatus() >= HttpStatus.OK_200) {
			this.exchange.responseBegun();
			this.errorAnswered = error;
		}
		if (last && error && !this.errorAnswered) {
			// Such as the timeout of an asynchronous request: Jetty ends the response, as
			// it can no longer send an error response
			this.errorMissed = true;
			signs().givenUp();
		}
		if (last && !this.errorMissed) {
			this.exchange.lastWrite(true);
			return new LastWrite(this.exchange, callback);
		}
		return callback;
	}

	@Override
	void ended(@Nullable Throwable failure) {
		if (failure != null) {
			if (!isByPeer(failure)) {
				signs().givenUp();
			}
		}
		else if (!this.errorMissed) {
			// Also called on an upgrade to another protocol
			this.exchange.responseComplete();
		}
		if (this.exchange.isBodyUnread()) {
			isBodyRead();
		}
		if (failure == null) {
			lookForMore();
		}
	}

	// After the last request, Jetty drops data that it has read beyond it
	private void lookForMore() {
		Connection connection = request().getConnectionMetaData().getConnection();
		if (connection.getEndPoint().isOutputShutdown() && connection instanceof Connection.UpgradeFrom http) {
			ByteBuffer more = http.onUpgradeFrom();
			if (more != null && more.hasRemaining()) {
				signs().peerSending();
			}
		}
	}

	private static boolean isByPeer(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof EofException) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Called when the end of a response was written.
	 */
	private record LastWrite(Exchange exchange, Callback callback) implements Callback {

		@Override
		public void succeeded() {
			this.exchange.responseComplete();
			this.callback.succeeded();
		}

		@Override
		public void failed(Throwable failure) {
			this.exchange.lastWrite(false);
			this.callback.failed(failure);
		}

		@Override
		public InvocationType getInvocationType() {
			return this.callback.getInvocationType();
		}

	}

}
