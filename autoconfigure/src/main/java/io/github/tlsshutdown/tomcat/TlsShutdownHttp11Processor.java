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

import jakarta.servlet.ServletRequest;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Records for the channel what only the HTTP/1.1 processor knows: that our own side cut
 * off a response, and that a request body was not read completely.
 */
final class TlsShutdownHttp11Processor extends Http11Processor {

	private final ObservedAdapter observed;

	private volatile boolean bodyUnread;

	TlsShutdownHttp11Processor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
		this(protocol, new ObservedAdapter(adapter));
	}

	private TlsShutdownHttp11Processor(AbstractHttp11Protocol<?> protocol, ObservedAdapter adapter) {
		super(protocol, adapter);
		this.observed = adapter;
		adapter.observeWith(this);
	}

	@Override
	public SocketState process(SocketWrapperBase<?> socketWrapper, SocketEvent status) throws IOException {
		RequestSigns signs = signs(socketWrapper);
		if (signs == null) {
			return super.process(socketWrapper, status);
		}
		// Tomcat keeps the processor that it takes for an event of the response before
		boolean late = status == SocketEvent.OPEN_WRITE && !signs.hasProcessor();
		signs.setProcessor(this);
		SocketState state = SocketState.CLOSED;
		try {
			state = super.process(socketWrapper, status);
			return state;
		}
		finally {
			// Data that was read but belongs to no request was also sent by the client
			if (state == SocketState.CLOSED && (this.bodyUnread || available(false) > 0)) {
				signs.bodyUnread();
			}
			if (state == SocketState.CLOSED && isAsync()) {
				readRequestedEnd(socketWrapper);
			}
			if (late || (state != SocketState.LONG && state != SocketState.SUSPENDED)) {
				leave(signs);
			}
			this.bodyUnread = false;
		}
	}

	// Used by another connection from now on
	private void leave(RequestSigns signs) {
		signs.setProcessor(null);
		this.observed.reset();
	}

	/**
	 * Record that the connection is closed while the application handles a request
	 * without a thread of Tomcat's, as when the server stops.
	 */
	void noteClosed() {
		SocketWrapperBase<?> socketWrapper = getSocketWrapper();
		RequestSigns signs = signs(socketWrapper);
		if (socketWrapper == null || signs == null) {
			return;
		}
		if (isResponseIncomplete()) {
			signs.responseCut(null);
		}
		noteBodyUnread();
		if (this.bodyUnread) {
			signs.bodyUnread();
		}
		this.bodyUnread = false;
		readRequestedEnd(socketWrapper);
		leave(signs);
	}

	/**
	 * Record that a request has reached the application.
	 */
	void noteRequest() {
		RequestSigns signs = signs(getSocketWrapper());
		if (signs != null) {
			signs.requested();
		}
	}

	/**
	 * Return whether the application is handling a request.
	 * @return whether it is
	 */
	boolean isServing() {
		return this.observed.isServing();
	}

	// Another thread can fail before the one that began the request returns: then no
	// listener is notified
	private void readRequestedEnd(SocketWrapperBase<?> socketWrapper) {
		if (socketWrapper.getSocket() instanceof TlsShutdownNioChannel channel
				&& this.request.getNote(CoyoteAdapter.ADAPTER_NOTES) instanceof ServletRequest servletRequest) {
			channel.readRequestedEnd(servletRequest);
		}
	}

	/**
	 * Return whether there is a response that has begun and has not been finished.
	 * @return whether there is
	 */
	boolean isResponseIncomplete() {
		return this.observed.isServing() && this.response.isCommitted();
	}

	/**
	 * Called wherever something goes wrong, and wherever the connection is not kept
	 * because of the response's status.
	 */
	@Override
	protected void setErrorState(ErrorState errorState, @Nullable Throwable cause) {
		super.setErrorState(errorState, cause);
		noteBodyUnread();
		RequestSigns signs = signs(getSocketWrapper());
		if (signs != null && !errorState.isIoAllowed() && isResponseIncomplete()) {
			signs.responseCut(cause);
		}
	}

	/**
	 * Record it if the application has not read the whole request body.
	 */
	void noteBodyUnread() {
		boolean hasBody = this.request.getContentLengthLong() > 0
				|| this.request.getMimeHeaders().getValue("transfer-encoding") != null;
		if (hasBody && !isRequestBodyFullyRead()) {
			this.bodyUnread = true;
		}
	}

	/**
	 * Record it if Tomcat does not read the rest of a request whose client asked whether
	 * to send a body, and was rejected: it may send it anyway.
	 */
	void noteExpectationNotMet() {
		int status = this.response.getStatus();
		if (this.request.hasExpectation() && (status < 200 || status > 299)) {
			noteBodyUnread();
		}
	}

	/**
	 * Record it if the application has written less than it has declared: Tomcat keeps
	 * such a connection, and the client would take its next bytes for the rest (RFC 9112
	 * section 8).
	 */
	void noteLengthNotReached() {
		RequestSigns signs = signs(getSocketWrapper());
		if (signs != null && this.response.getContentLengthLong() > this.response.getContentWritten()
				&& hasBody(this.request, this.response.getStatus())) {
			signs.responseCut(null);
		}
	}

	private static boolean hasBody(Request request, int status) {
		return !"HEAD".equals(request.getMethod()) && status >= 200 && status != 204 && status != 304
				&& request.getAttribute(Constants.SENDFILE_FILENAME_ATTR) == null;
	}

	private static @Nullable RequestSigns signs(@Nullable SocketWrapperBase<?> socketWrapper) {
		return (socketWrapper != null && socketWrapper.getSocket() instanceof TlsShutdownNioChannel channel)
				? channel.requestSigns() : null;
	}

}
