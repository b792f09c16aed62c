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

/**
 * The state of the current or last HTTP/1.1 request of a connection. Safe for use by
 * several threads.
 */
final class Exchange {

	private volatile boolean bodyUnread;

	private volatile boolean responseIncomplete;

	private volatile boolean lastWrite;

	/**
	 * Record that there is a new request.
	 * @param body whether it has a body
	 */
	void begun(boolean body) {
		this.bodyUnread = body;
		this.responseIncomplete = false;
		this.lastWrite = false;
	}

	/**
	 * Record that the body was read completely.
	 */
	void bodyRead() {
		this.bodyUnread = false;
	}

	/**
	 * Record that the response has begun.
	 */
	void responseBegun() {
		this.responseIncomplete = true;
	}

	/**
	 * Record whether the end of the response is being written.
	 * @param begun {@code true} if it is, {@code false} if that failed
	 */
	void lastWrite(boolean begun) {
		this.lastWrite = begun;
	}

	/**
	 * Return whether the end of the response is being written. A client that has received
	 * it can leave before Jetty knows that it was written.
	 * @return whether it is
	 */
	boolean isLastWrite() {
		return this.lastWrite;
	}

	/**
	 * Record that the whole response has been written, or that the connection is no
	 * longer HTTP.
	 */
	void responseComplete() {
		this.responseIncomplete = false;
	}

	/**
	 * Return whether the client may still be sending a request.
	 * @return whether a body was not read completely
	 */
	boolean isBodyUnread() {
		return this.bodyUnread;
	}

	/**
	 * Return whether the client cannot have the whole response.
	 * @return whether it has begun and not been completed
	 */
	boolean isResponseIncomplete() {
		return this.responseIncomplete;
	}

}
