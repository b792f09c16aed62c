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

import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * An HTTP/2 request and its response, one of many. They have their own end: the end of
 * the connection does not show whether they are complete.
 */
final class ObservedHttp2Stream extends ObservedStream {

	private final Streams streams;

	private final ShutdownEndPoint endPoint;

	private final AtomicBoolean complete = new AtomicBoolean();

	private final AtomicBoolean answered = new AtomicBoolean();

	/** Writes are sequential. */
	private volatile long written;

	ObservedHttp2Stream(HttpStream stream, Request request, ShutdownEndPoint endPoint, RequestedEnds requestedEnds) {
		super(stream, request, endPoint.connection().signs(), requestedEnds);
		this.streams = signs().streams();
		this.endPoint = endPoint;
		this.streams.begun();
	}

	/**
	 * A client that has received the end of a response can leave before Jetty knows that
	 * it was written, or before the application has returned. If it was not written,
	 * Jetty knows before it closes.
	 */
	@Override
	Callback writing(MetaData.@Nullable Response response, int length, boolean last, Callback callback) {
		this.written += length;
		if (!last) {
			return callback;
		}
		Connection connection = request().getConnectionMetaData().getConnection();
		boolean received = Http2Sessions.isReceived(connection, getId());
		// A handler that reads from a client that has left responds with the error
		if (received || !this.endPoint.isPeerGone()) {
			complete();
		}
		return new LastWrite(this, received, callback);
	}

	@Override
	void ended(@Nullable Throwable failure) {
		boolean peerGone = this.endPoint.isPeerGone();
		boolean bodyUnread = !isBodyRead();
		// A client that leaves in the middle of its request can still get a response
		if (!peerGone || (failure == null && !bodyUnread)) {
			complete();
		}
		else if (bodyUnread) {
			incomplete();
		}
		answered(bodyUnread);
	}

	private void answered(boolean bodyUnread) {
		if (this.answered.compareAndSet(false, true)) {
			this.streams.ended(bodyUnread, this.written);
		}
	}

	private void complete() {
		if (this.complete.compareAndSet(false, true)) {
			this.streams.complete();
		}
	}

	private void incomplete() {
		if (this.complete.compareAndSet(true, false)) {
			this.streams.incomplete();
		}
	}

	/**
	 * Called when the end of a response was written.
	 */
	private record LastWrite(ObservedHttp2Stream stream, boolean received, Callback callback) implements Callback {

		@Override
		public void succeeded() {
			if (this.received) {
				this.stream.answered(false);
			}
			this.callback.succeeded();
		}

		@Override
		public void failed(Throwable failure) {
			this.stream.incomplete();
			this.callback.failed(failure);
		}

		@Override
		public InvocationType getInvocationType() {
			return this.callback.getInvocationType();
		}

	}

}
