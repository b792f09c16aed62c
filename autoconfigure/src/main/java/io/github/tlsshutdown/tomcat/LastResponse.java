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

import java.util.Map;

import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Marks an HTTP/1 response as the last on its connection.
 */
final class LastResponse {

	private LastResponse() {
	}

	/**
	 * Add {@code Connection: close}, unless the application has set the header itself,
	 * for an upgrade for instance.
	 * @param request the request
	 * @param response the response, whose headers were not sent yet
	 */
	static void announce(Request request, Response response) {
		MimeHeaders headers = response.getMimeHeaders();
		if (isHttp1(request) && response.getStatus() >= 200 && headers.getValue("Connection") == null) {
			headers.addValue("Connection").setString("close");
		}
	}

	/**
	 * Make a body of unknown length chunked. As this is the last response, Tomcat would
	 * end it with the connection, and a client could not tell whether it is complete.
	 * @param request the request
	 * @param response the response, whose headers are about to be sent
	 */
	static void delimit(Request request, Response response) {
		if (request.protocol().equals("HTTP/1.1") && response.getContentLengthLong() == -1
				&& response.getTrailerFields() == null && !"HEAD".equals(request.getMethod())) {
			// A response that may have trailers is chunked in any case
			response.setTrailerFields(Map::of);
		}
	}

	private static boolean isHttp1(Request request) {
		String protocol = request.protocol().toString();
		return protocol != null && protocol.startsWith("HTTP/1.");
	}

}
