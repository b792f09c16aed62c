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

package io.github.tlsshutdown.netty;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Tracks how far the requests and responses of an HTTP/1.1 connection have got. Above the
 * codec, and so below any compression.
 */
final class HttpSigns extends ChannelDuplexHandler {

	static final String NAME = "tlsShutdown.httpSigns";

	private static final int UNKNOWN = -1;

	/** Of those requests that are not answered yet. */
	private final Queue<HttpMethod> methods = new ArrayDeque<>(2);

	private @Nullable GracefulStop stop;

	private @Nullable ConnectionRequests requests;

	private boolean inUse;

	/** Whether a part of a request has arrived. */
	private boolean arriving;

	private boolean requested;

	private long answeredAt;

	private boolean requestOpen;

	/** How many responses have begun and are not completely written. */
	private int responsesOpen;

	/** Whether the last response announced the end of the connection. */
	private boolean lastResponse;

	/** How much of the last response's body is not written yet. */
	private long missing = UNKNOWN;

	/** Whether the last response is written to its end, if TCP accepts that. */
	private boolean endWritten;

	/** Whether the last response was that of an upgrade. */
	private boolean upgraded;

	/** Whether nothing that is written reaches the peer any more. */
	private boolean takenOver;

	void stopWith(GracefulStop stop) {
		this.stop = stop;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.inUse = true;
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		this.inUse = false;
	}

	/**
	 * Return whether the connection speaks HTTP/1.1.
	 * @return whether it does
	 */
	boolean isInUse() {
		return this.inUse;
	}

	/**
	 * Return whether the connection has begun to speak another protocol after a request
	 * for that.
	 * @return whether it has
	 */
	boolean isUpgraded() {
		return this.upgraded;
	}

	/** Record data in which the codec has found nothing, so far. */
	void arriving() {
		this.arriving = true;
	}

	boolean isArriving() {
		return this.arriving && !this.lastResponse;
	}

	/**
	 * Return whether there was a request.
	 * @return whether one has arrived
	 */
	boolean isRequested() {
		return this.requested;
	}

	/**
	 * Return when the last response was written.
	 * @return the time, by {@link System#nanoTime()}
	 */
	long answeredAt() {
		return this.answeredAt;
	}

	/**
	 * Return whether there is a request whose response has not begun. Reactor Netty does
	 * not answer what follows the last response.
	 * @return whether one is to be answered
	 */
	boolean isUnanswered() {
		return !this.methods.isEmpty() && !this.lastResponse;
	}

	/**
	 * Return whether a request was not read completely, or more than one is unanswered.
	 * @return whether the peer may still be sending
	 */
	boolean isRequestOpen() {
		return this.requestOpen || this.methods.size() > (this.lastResponse ? 0 : 1);
	}

	/**
	 * Record that the connection is taken over: data written from now on is not sent.
	 */
	void takenOver() {
		this.takenOver = true;
	}

	/**
	 * Return whether a response has begun and TCP has not accepted its end.
	 * @return whether the peer may have received only part of a response
	 */
	boolean isResponseOpen() {
		return this.responsesOpen > 0;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.arriving = false;
		if (msg instanceof HttpRequest request) {
			this.methods.add(request.method());
			this.requested = true;
			// The end of a request without a body comes next, even if it is answered now
			this.requestOpen = HttpUtil.isTransferEncodingChunked(request) || declaredLength(request) > 0;
		}
		if (msg instanceof LastHttpContent) {
			this.requestOpen = false;
		}
		ctx.fireChannelRead(msg);
	}

	/**
	 * Reactor Netty reads as soon as there is a WebSocket, which can be after the
	 * response to its request has been written.
	 */
	@Override
	public void read(ChannelHandlerContext ctx) {
		ctx.read();
		if (this.upgraded && this.stop != null) {
			this.stop.upgraded();
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (msg instanceof HttpResponse response) {
			if (this.takenOver || isInterim(response.status())) {
				ctx.write(msg, promise);
				return;
			}
			if (isLast(response)) {
				HttpUtil.setKeepAlive(response, false);
			}
			begin(response);
		}
		if (this.missing > 0) {
			this.missing = Math.max(0, this.missing - size(msg));
		}
		// A body shorter than declared is not complete at its end
		boolean last = msg instanceof LastHttpContent && this.missing <= 0;
		// After the declared length nothing follows on the wire
		boolean end = (last || this.missing == 0) && !this.endWritten;
		this.endWritten |= end;
		ctx.write(msg, (last || end) ? notifyingOf(last, end, ctx, promise) : promise);
	}

	// Recorded before listeners that close the connection are notified: a writer on
	// another thread has already added its own
	private ChannelPromise notifyingOf(boolean last, boolean end, ChannelHandlerContext ctx, ChannelPromise promise) {
		ConnectionRequests requests = last ? requests(ctx) : null;
		Supplier<?> exchange = (requests != null) ? requests.latest() : null;
		return ctx.newPromise().addListener((ChannelFuture written) -> {
			if (!written.isSuccess()) {
				promise.tryFailure(written.cause());
				return;
			}
			if (end) {
				this.responsesOpen--;
			}
			if (last) {
				this.answeredAt = System.nanoTime();
			}
			promise.trySuccess();
			if (requests != null && exchange != null) {
				requests.over(exchange);
			}
			if (last && this.stop != null && this.responsesOpen == 0 && !isUnanswered()) {
				this.stop.responseWritten();
			}
		});
	}

	private @Nullable ConnectionRequests requests(ChannelHandlerContext ctx) {
		if (this.requests == null) {
			this.requests = RequestPolicies.of(ctx.channel());
		}
		return this.requests;
	}

	private boolean isLast(HttpResponse response) {
		boolean followed = this.methods.size() > 1;
		return this.stop != null && this.stop.isUnderWay() && !followed && !isUpgrade(response.status());
	}

	private void begin(HttpResponse response) {
		this.responsesOpen++;
		this.upgraded = isUpgrade(response.status());
		this.lastResponse = !HttpUtil.isKeepAlive(response);
		HttpMethod method = this.methods.poll();
		boolean bodiless = HttpMethod.HEAD.equals(method)
				|| response.status().code() == HttpResponseStatus.NOT_MODIFIED.code();
		this.missing = bodiless ? 0 : declaredLength(response);
		this.endWritten = false;
	}

	private static boolean isInterim(HttpResponseStatus status) {
		return status.codeClass() == HttpStatusClass.INFORMATIONAL && !isUpgrade(status);
	}

	private static boolean isUpgrade(HttpResponseStatus status) {
		return status.code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
	}

	private static long declaredLength(HttpMessage message) {
		try {
			return HttpUtil.getContentLength(message, (long) UNKNOWN);
		}
		catch (IllegalArgumentException ex) {
			return UNKNOWN;
		}
	}

	private static long size(Object msg) {
		if (msg instanceof ByteBuf data) {
			return data.readableBytes();
		}
		if (msg instanceof ByteBufHolder holder) {
			return holder.content().readableBytes();
		}
		return (msg instanceof FileRegion file) ? file.count() : 0;
	}

}
