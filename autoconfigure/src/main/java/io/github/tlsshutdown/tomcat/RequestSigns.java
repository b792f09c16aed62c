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

import java.net.SocketTimeoutException;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Records facts about a connection's requests that matter at its end. Written by the
 * threads that handle them, read by the closing thread.
 */
final class RequestSigns {

	private final BooleanSupplier peerLeft;

	private volatile boolean requested;

	private volatile boolean bodyUnread;

	private volatile boolean responseCut;

	private volatile boolean unfinished;

	private volatile @Nullable TlsShutdownHttp11Processor processor;

	/**
	 * Create an instance.
	 * @param peerLeft whether the peer was the first to leave
	 */
	RequestSigns(BooleanSupplier peerLeft) {
		this.peerLeft = peerLeft;
	}

	/**
	 * Set the processor of the connection's requests.
	 * @param processor the processor, or {@code null} if the connection is idle or has
	 * another protocol
	 */
	void setProcessor(@Nullable TlsShutdownHttp11Processor processor) {
		this.processor = processor;
	}

	/**
	 * Return whether there is a request, or part of one. Tomcat keeps the processor of an
	 * idle connection for which it has written a file.
	 * @return whether the connection has a processor
	 */
	boolean hasProcessor() {
		return this.processor != null;
	}

	/**
	 * Return whether the application is handling a request.
	 * @return whether a request has reached it
	 */
	boolean isServing() {
		TlsShutdownHttp11Processor processor = this.processor;
		return processor != null && processor.isServing();
	}

	/**
	 * Record that a request has reached the application.
	 */
	void requested() {
		this.requested = true;
	}

	/**
	 * Return whether the connection has had a request.
	 * @return whether one has reached the application
	 */
	boolean isRequested() {
		return this.requested;
	}

	/**
	 * Record that a request body was not read completely.
	 */
	void bodyUnread() {
		this.bodyUnread = true;
	}

	boolean isBodyUnread() {
		return this.bodyUnread;
	}

	/**
	 * Record that a response was not finished.
	 * @param cause the cause, if known. If the peer has left, that is the cause, unless
	 * our own timeout expired: a peer can close its side and still read.
	 */
	void responseCut(@Nullable Throwable cause) {
		if (cause instanceof SocketTimeoutException || !this.peerLeft.getAsBoolean()) {
			this.responseCut = true;
		}
		else {
			this.unfinished = true;
		}
	}

	/**
	 * Return whether the peer left in the middle of a request or a response.
	 * @return whether it did; call after {@link #isResponseCut()}
	 */
	boolean isUnfinished() {
		return this.unfinished || (this.bodyUnread && this.peerLeft.getAsBoolean());
	}

	/**
	 * Return whether a response was not finished, or is unfinished while the connection
	 * is closed, as when the server stops.
	 * @return whether one was cut off
	 */
	boolean isResponseCut() {
		TlsShutdownHttp11Processor processor = this.processor;
		if (processor != null && processor.isResponseIncomplete()) {
			responseCut(null);
		}
		return this.responseCut;
	}

}
