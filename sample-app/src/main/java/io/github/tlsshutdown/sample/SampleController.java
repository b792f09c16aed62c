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

package io.github.tlsshutdown.sample;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Three ways in which a connection ends: the client closes it, the server closes it, and
 * the server closes it while the client is still sending.
 */
@RestController
class SampleController {

	private static final int DEFAULT_SIZE = 100_000;

	private static final int MAX_SIZE = 10_000_000;

	/**
	 * Respond and keep the connection.
	 * @return the response
	 */
	@GetMapping("/hello")
	ResponseEntity<byte[]> hello() {
		return text(ResponseEntity.ok(), "hello");
	}

	/**
	 * Respond and close the connection.
	 * @param request the request
	 * @return the response
	 */
	@GetMapping("/bye")
	ResponseEntity<byte[]> bye(IncomingRequest request) {
		return text(closing(ResponseEntity.ok(), request), "bye");
	}

	/**
	 * Reject an upload without reading it, and close the connection.
	 * @param request the request, whose query can contain the {@code size} of the
	 * response
	 * @return the response
	 */
	@PostMapping("/reject")
	ResponseEntity<byte[]> reject(IncomingRequest request) {
		// A request parameter would make the server read the body of a form first
		int size = parseSize(request.queryParameters().getFirst("size"));
		HttpStatus status = (size != -1) ? HttpStatus.CONTENT_TOO_LARGE : HttpStatus.BAD_REQUEST;
		ResponseEntity.BodyBuilder response = closing(ResponseEntity.status(status), request);
		return (size != -1) ? text(response, ".".repeat(size))
				: text(response, "size must be a number from 0 to " + MAX_SIZE);
	}

	/**
	 * Make the server close the connection after the response. HTTP/2 has no such header,
	 * and clients reject a response that contains it (RFC 9113 section 8.2.2).
	 * @param response the response
	 * @param request the request
	 * @return the response
	 */
	private static ResponseEntity.BodyBuilder closing(ResponseEntity.BodyBuilder response, IncomingRequest request) {
		return request.http().startsWith("HTTP/1.") ? response.header(HttpHeaders.CONNECTION, "close") : response;
	}

	private static int parseSize(@Nullable String value) {
		if (value == null) {
			return DEFAULT_SIZE;
		}
		try {
			int size = Integer.parseInt(value);
			return (size >= 0 && size <= MAX_SIZE) ? size : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private static ResponseEntity<byte[]> text(ResponseEntity.BodyBuilder response, String body) {
		return response.contentType(MediaType.TEXT_PLAIN).body(body.getBytes(StandardCharsets.US_ASCII));
	}

}
