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
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * One request and its response, of which the connection is told what matters to its end:
 * what the application wants and, if it is HTTP/1.1, how far they are. Messages of HTTP/2
 * have an end of their own.
 */
final class ObservedStream extends HttpStream.Wrapper {

	private final Request request;

	private final ConnectionSigns signs;

	private final RequestedEnds requestedEnds;

	private final @Nullable Exchange exchange;

	private final AtomicBoolean ended = new AtomicBoolean();

	/** Whether the response is the answer to an error. */
	private volatile boolean errorAnswered;

	/** Whether there was an error when the response had begun. */
	private volatile boolean errorMissed;

	ObservedStream(HttpStream stream, Request request, ConnectionSigns signs, RequestedEnds requestedEnds) {
		super(stream);
		this.request = request;
		this.signs = signs;
		this.requestedEnds = requestedEnds;
		this.exchange = isHttp1(request) ? signs.exchange() : null;
		signs.requestBegun();
		if (this.exchange != null) {
			this.exchange.begun(request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
		}
	}

	private static boolean isHttp1(Request request) {
		return request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
	}

	@Override
	public Content.@Nullable Chunk read() {
		Content.Chunk chunk = super.read();
		if (this.exchange != null && isEnd(chunk)) {
			this.exchange.bodyRead();
		}
		return chunk;
	}

	private static boolean isEnd(Content.@Nullable Chunk chunk) {
		return chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk);
	}

	/**
	 * Reads the attribute before the client can know that the request was answered: it
	 * may end the connection then.
	 */
	@Override
	public void send(MetaData.@Nullable Request request, MetaData.@Nullable Response response, boolean last,
			@Nullable ByteBuffer content, Callback callback) {
		if (last) {
			readAttribute();
		}
		super.send(request, response, last, content,
				(this.exchange != null) ? observed(this.exchange, response, last, callback) : callback);
	}

	private Callback observed(Exchange exchange, MetaData.@Nullable Response response, boolean last,
			Callback callback) {
		boolean error = this.request.getAttribute(ErrorHandler.ERROR_STATUS) != null;
		if (response != null && response.getStatus() >= HttpStatus.OK_200) {
			exchange.responseBegun();
			this.errorAnswered = error;
		}
		if (last && error && !this.errorAnswered) {
			// Such as the timeout of an asynchronous request: Jetty ends the response, as
			// it cannot answer by the error any more
			this.errorMissed = true;
			this.signs.givenUp();
		}
		if (last && !this.errorMissed) {
			exchange.lastWrite(true);
			return new LastWrite(exchange, callback);
		}
		return callback;
	}

	/**
	 * Reads the attribute again, as the answer may have come early.
	 */
	@Override
	public void succeeded() {
		readAttribute();
		if (this.exchange != null) {
			if (!this.errorMissed) {
				// Also where this becomes another protocol
				this.exchange.responseComplete();
			}
			lookForEnd();
			lookForMore();
		}
		end();
		super.succeeded();
	}

	@Override
	public void failed(Throwable failure) {
		readAttribute();
		if (this.exchange != null) {
			if (!isByPeer(failure)) {
				this.signs.givenUp();
			}
			lookForEnd();
		}
		end();
		super.failed(failure);
	}

	// Before Jetty goes on with the next request
	private void end() {
		if (this.ended.compareAndSet(false, true)) {
			this.signs.requestEnded();
		}
	}

	// Jetty reads the rest of a body behind this stream's back if it is there already. It
	// tells of its end as often as it is asked.
	private void lookForEnd() {
		if (this.signs.exchange().isBodyUnread()) {
			Content.Chunk chunk = read();
			if (chunk != null) {
				chunk.release();
			}
		}
	}

	// Where this was the last request Jetty drops what it has read of others
	private void lookForMore() {
		Connection connection = this.request.getConnectionMetaData().getConnection();
		if (connection.getEndPoint().isOutputShutdown() && connection instanceof Connection.UpgradeFrom http) {
			ByteBuffer more = http.onUpgradeFrom();
			if (more != null && more.hasRemaining()) {
				this.signs.peerSending();
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

	private void readAttribute() {
		RequestedEnd end = this.requestedEnds.read(this.request.getAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE));
		if (end != null) {
			this.signs.requestedEnd(end);
		}
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
