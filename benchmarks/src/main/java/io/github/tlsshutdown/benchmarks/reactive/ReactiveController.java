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

package io.github.tlsshutdown.benchmarks.reactive;

import java.nio.charset.StandardCharsets;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the application answers.
 */
@RestController
class ReactiveController {

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

	@GetMapping("/hello")
	byte[] hello() {
		return HELLO;
	}

	/**
	 * Refuse an upload without reading it.
	 * @param size the size of the answer
	 * @return the answer, after which the server closes
	 */
	@PostMapping("/reject/{size}")
	ResponseEntity<byte[]> reject(@PathVariable int size) {
		return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE)
			.header(HttpHeaders.CONNECTION, "close")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(new byte[size]);
	}

}
