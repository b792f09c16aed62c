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
 * How far HTTP/1.1 is with the request of a connection that it is at, or was last. Safe
 * for use by several threads.
 */
final class Exchange {

	private volatile boolean bodyUnread;

	private volatile boolean responseIncomplete;

	private volatile boolean lastWrite;

	/**
	 * Note that there is a new request.
	 * @param body whether it has a body
	 */
	void begun(boolean body) {
		this.bodyUnread = body;
		this.responseIncomplete = false;
		this.lastWrite = false;
	}

	/**
	 * Note that the body was read to its end.
	 */
	void bodyRead() {
		this.bodyUnread = false;
	}

	/**
	 * Note that the response has begun.
	 */
	void responseBegun() {
		this.responseIncomplete = true;
	}

	/**
	 * Note whether the end of the response is being written.
	 * @param begun whether it is, rather than that it has failed
	 */
	void lastWrite(boolean begun) {
		this.lastWrite = begun;
	}

	/**
	 * Return whether the end of the response is being written. A client that has got it
	 * may leave before Jetty has learned that it was written.
	 * @return whether it is
	 */
	boolean isLastWrite() {
		return this.lastWrite;
	}

	/**
	 * Note that the whole response has been written, or that it is no response of HTTP
	 * any more.
	 */
	void responseComplete() {
		this.responseIncomplete = false;
	}

	/**
	 * Return whether the client may still be sending a request.
	 * @return whether a body was not read to its end
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
