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

package io.github.tlsshutdown.benchmarks.application;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the application answers.
 */
@RestController
class BenchmarkController {

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

	private static final int CHUNK = 64 * 1024;

	@GetMapping("/hello")
	byte[] hello() {
		return HELLO;
	}

	@GetMapping("/download")
	void download(@RequestParam long size, HttpServletResponse response) throws IOException {
		write(size, response);
	}

	/**
	 * Refuse an upload without reading it.
	 * @param size the size of the answer; not a parameter, as the server would look for
	 * one in the upload
	 * @param response the answer, after which the server closes
	 * @throws IOException if the client does not take it
	 */
	@PostMapping("/reject/{size}")
	void reject(@PathVariable int size, HttpServletResponse response) throws IOException {
		response.setStatus(HttpStatus.CONTENT_TOO_LARGE.value());
		response.setHeader(HttpHeaders.CONNECTION, "close");
		write(size, response);
	}

	private void write(long size, HttpServletResponse response) throws IOException {
		response.setContentType("application/octet-stream");
		response.setContentLengthLong(size);
		OutputStream body = response.getOutputStream();
		byte[] chunk = new byte[CHUNK];
		for (long left = size; left > 0; left -= chunk.length) {
			body.write(chunk, 0, (int) Math.min(left, chunk.length));
		}
	}

}
