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

import java.util.Map;
import java.util.TreeMap;

/**
 * A response of HTTP/1.1.
 *
 * @param status the status code
 * @param headers the headers; names are case-insensitive
 * @param body the body, empty as long as it was not read
 */
record Response(int status, Map<String, String> headers, String body) {

	static Response ofHead(String head) {
		String[] lines = head.split("\r\n");
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (int i = 1; i < lines.length; i++) {
			String[] header = lines[i].split(": ", 2);
			headers.put(header[0], header[1]);
		}
		return new Response(Integer.parseInt(lines[0].split(" ")[1]), headers, "");
	}

	int contentLength() {
		return Integer.parseInt(this.headers.getOrDefault("Content-Length", "0"));
	}

	Response withBody(String content) {
		return new Response(this.status, this.headers, content);
	}

}
