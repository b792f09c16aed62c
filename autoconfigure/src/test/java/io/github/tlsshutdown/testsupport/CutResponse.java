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

package io.github.tlsshutdown.testsupport;

/**
 * How {@link TestServer} comes to cut a response off. That it is not read in time, and
 * that the server stops, is not among these.
 */
public enum CutResponse {

	/** Its handler fails when it has begun. */
	HANDLER_FAILS("GET /fails HTTP/1.1\r\nHost: localhost\r\n\r\n"),

	/** The client has not sent all of its request. */
	HANDLER_FAILS_DURING_UPLOAD(
			"POST /fails HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000)),

	/** Its handler writes less than it has declared. */
	LESS_THAN_DECLARED("GET /short HTTP/1.1\r\nHost: localhost\r\n\r\n"),

	/** Its handler asks for it, by the request attribute. */
	ASKED_FOR("GET /bye HTTP/1.1\r\nHost: localhost\r\nPolicy: abort\r\n\r\n");

	private final String request;

	CutResponse(String request) {
		this.request = request;
	}

	/**
	 * Return what is answered in this way.
	 * @return the request
	 */
	public String request() {
		return this.request;
	}

}
