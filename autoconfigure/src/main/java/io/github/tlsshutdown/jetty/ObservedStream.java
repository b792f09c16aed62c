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

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLException;

import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.engine.RequestedEnd;
import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * One request and its response. Records for the connection what matters at its end: this
 * class what the application wants, subclasses how far request and response are.
 */
abstract class ObservedStream extends HttpStream.Wrapper {

	private final Request request;

	private final ConnectionSigns signs;

	private final RequestedEnds requestedEnds;

	private final AtomicBoolean over = new AtomicBoolean();

	ObservedStream(HttpStream stream, Request request, ConnectionSigns signs, RequestedEnds requestedEnds) {
		super(stream);
		this.request = request;
		this.signs = signs;
		this.requestedEnds = requestedEnds;
		signs.requests().begun();
	}

	final Request request() {
		return this.request;
	}

	final ConnectionSigns signs() {
		return this.signs;
	}

	/**
	 * Called when something is written.
	 * @param response the beginning of a response, if this is one
	 * @param length the number of bytes of the body
	 * @param last whether it is the end of the response
	 * @param callback the original callback
	 * @return the callback to use in its place
	 */
	abstract Callback writing(MetaData.@Nullable Response response, int length, boolean last, Callback callback);

	/**
	 * Called when the request has been served.
	 * @param failure why it was not, or {@code null} if it was
	 */
	abstract void ended(@Nullable Throwable failure);

	/**
	 * Reads the attribute before the client can see the end of the response: it may then
	 * close the connection.
	 */
	@Override
	public final void send(MetaData.@Nullable Request request, MetaData.@Nullable Response response, boolean last,
			@Nullable ByteBuffer content, Callback callback) {
		if (last) {
			readAttribute();
		}
		int length = (content != null) ? content.remaining() : 0;
		super.send(request, response, last, content, writing(response, length, last, callback));
	}

	/**
	 * Reads the attribute again, as the response may have been sent early.
	 */
	@Override
	public final void succeeded() {
		readAttribute();
		ended(null);
		if (!isUpgraded()) {
			over();
		}
		try {
			super.succeeded();
		}
		finally {
			// The WebSocket is open
			over();
		}
	}

	@Override
	public final void failed(Throwable failure) {
		readAttribute();
		noteNetworkFailure(failure);
		ended(failure);
		over();
		super.failed(failure);
	}

	// Before Jetty continues with the next request
	private void over() {
		if (this.over.compareAndSet(false, true)) {
			this.signs.requests().ended();
		}
	}

	// An error of a write by Jetty's selector
	private void noteNetworkFailure(Throwable failure) {
		Throwable above = failure;
		for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
			if (above instanceof EofException && cause instanceof IOException ex && !isOfJetty(ex)) {
				this.signs.networkFailed(ex);
				return;
			}
			above = cause;
		}
	}

	// They report an end that is already known
	private static boolean isOfJetty(IOException ex) {
		return ex instanceof EOFException || ex instanceof ClosedChannelException || ex instanceof SSLException;
	}

	static boolean isEnd(Content.@Nullable Chunk chunk) {
		return chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk);
	}

	/**
	 * Read the rest of the body, once nothing else does. If the end has already arrived,
	 * Jetty reads it without calling this stream. It reports the end on every read.
	 * @return whether the body has been read completely; the data of a WebSocket is none
	 */
	final boolean isBodyRead() {
		if (isUpgraded()) {
			return true;
		}
		Content.Chunk chunk = read();
		if (chunk != null) {
			chunk.release();
		}
		return isEnd(chunk);
	}

	private boolean isUpgraded() {
		return this.request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) != null;
	}

	private void readAttribute() {
		RequestedEnd end = this.requestedEnds.read(this.request.getAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE));
		if (end != null) {
			this.signs.requestedEnd(end);
		}
	}

}
