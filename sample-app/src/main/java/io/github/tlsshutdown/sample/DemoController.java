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

import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Feature;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Demo only: makes the server connect to itself. Accepts only JSON, which a page of
 * another origin cannot send.
 */
@RestController
class DemoController {

	private final DemoConnections connections;

	DemoController(DemoConnections connections) {
		this.connections = connections;
	}

	/**
	 * Open connections to the connector that received the request, and end them.
	 * @param demo what to do
	 * @param request the request
	 * @return how each of them ended
	 */
	@PostMapping(path = "/demo/connections", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<ResponseEntity<List<DemoResult>>> open(@RequestBody Demo demo, IncomingRequest request) {
		DemoEnding ending = demo.ending();
		if (ending == null) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "ending is missing");
		}
		int most = DemoConnections.MAX_COUNT / ending.cost();
		if (demo.count() < 1 || demo.count() > most) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "count must be a number from 1 to " + most);
		}
		CompletableFuture<List<DemoResult>> results = this.connections.open(request.local(), ending, demo.policy(),
				demo.count());
		return (results != null) ? results.thenApply(ResponseEntity::ok) : CompletableFuture.completedFuture(
				ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS).header(HttpHeaders.RETRY_AFTER, "10").build());
	}

	/**
	 * What to do.
	 *
	 * @param ending how the clients end their connections, or {@code null} if the request
	 * does not specify it
	 * @param count number of connections
	 * @param policy the policy the server is to end them by, or {@code null} for the one
	 * that applies anyway
	 */
	record Demo(@Nullable DemoEnding ending, int count,
			@JsonFormat(with = Feature.ACCEPT_CASE_INSENSITIVE_VALUES) @Nullable TlsShutdownPolicy policy) {
	}

}
