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

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * How a response comes not to be finished.
 */
public enum UnfinishedWay {

	FAILED {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			closeAndBegin(response);
			throw new ServletException("thrown by the test");
		}

	},

	FAILED_BY_AN_ERROR {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			closeAndBegin(response);
			throw new AssertionError("thrown by the test");
		}

	},

	FAILED_ON_CONNECTION_TO_BE_KEPT {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			begin(response);
			throw new ServletException("thrown by the test");
		}

	},

	FAILED_WITH_LENGTH {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			declare(response);
			begin(response);
			throw new ServletException("thrown by the test");
		}

	},

	ERROR_SENT_TOO_LATE {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			closeAndBegin(response);
			response.sendError(500);
		}

	},

	FAILED_WHERE_DISPATCHED {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			if (request.getDispatcherType() == DispatcherType.ASYNC) {
				throw new ServletException("thrown by the test");
			}
			AsyncContext async = request.startAsync();
			closeAndBegin(response);
			async.dispatch();
		}

	},

	FAILED_WHERE_ASYNCHRONOUS {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			// Jetty waits for it
			request.startAsync().setTimeout(1000);
			closeAndBegin(response);
			throw new ServletException("thrown by the test");
		}

	},

	TIMED_OUT {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			AsyncContext async = request.startAsync();
			// Not while this is handled: Jetty may forget it then
			async.setTimeout(500);
			closeAndBegin(response);
		}

	},

	SHORT {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			declare(response);
			closeAndBegin(response);
		}

	},

	SHORT_ON_CONNECTION_TO_BE_KEPT {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			declare(response);
			begin(response);
		}

	},

	SHORT_LATER {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			declare(response);
			AsyncContext async = request.startAsync();
			async.start(() -> {
				try {
					closeAndBegin((HttpServletResponse) async.getResponse());
					async.complete();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
		}

	},

	ASKED_FOR {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			ask(request);
			closeAndBegin(response);
		}

	},

	ASKED_FOR_LATER {

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws Exception {
			AsyncContext async = request.startAsync();
			closeAndBegin(response);
			async.start(() -> {
				ask(request);
				async.complete();
			});
		}

	};

	/**
	 * Begin a response.
	 * @param request what is asked for
	 * @param response the response
	 * @throws Exception perhaps, when it has begun
	 */
	public abstract void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;

	private static final int LENGTH = 10_000;

	private static void begin(HttpServletResponse response) throws IOException {
		response.getOutputStream().write("begun".getBytes(StandardCharsets.US_ASCII));
		response.flushBuffer();
	}

	static void closeAndBegin(HttpServletResponse response) throws IOException {
		response.setHeader("Connection", "close");
		begin(response);
	}

	static void declare(HttpServletResponse response) {
		response.setContentLength(LENGTH);
	}

	private static void ask(HttpServletRequest request) {
		request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, "abort");
	}

}
