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

import java.io.IOException;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How a demo client ends its connection.
 */
enum DemoEnding {

	/** Answers the server's close_notify with its own. */
	ANSWERS {

		@Override
		void play(DemoClient client) throws IOException {
			client.request("/bye");
			client.readAnswer();
			client.readEnd();
			client.sendCloseNotify();
		}

	},

	/** Sends close_notify first. */
	CLOSE_NOTIFY_FIRST {

		@Override
		void play(DemoClient client) throws IOException {
			client.request("/hello");
			client.readAnswer();
			client.sendCloseNotify();
		}

	},

	/** Sends nothing after the server's close_notify, and does not close. */
	SILENT {

		@Override
		void play(DemoClient client) throws IOException {
			client.request("/bye");
			client.readAnswer();
			client.readEnd();
		}

	},

	/** Ends the TCP connection without close_notify. */
	FIN {

		@Override
		void play(DemoClient client) throws IOException {
			client.request("/hello");
			client.readAnswer();
			client.sendFin();
		}

	},

	/** Resets the TCP connection. */
	RST {

		@Override
		void play(DemoClient client) throws IOException {
			client.request("/hello");
			client.readAnswer();
			client.sendReset();
		}

	},

	/** Sends a fatal alert. */
	FATAL_ALERT {

		@Override
		void play(DemoClient client) throws IOException {
			client.request("/hello");
			client.readAnswer();
			client.sendFatalAlert();
		}

	},

	/** Is rejected, but sends its whole upload before it reads the response. */
	UPLOAD {

		@Override
		int cost() {
			return 3;
		}

		@Override
		void play(DemoClient client) throws IOException {
			// More than the buffers of a local connection hold
			client.upload(10_000_000);
			client.readAnswer();
			client.readEnd();
			client.sendCloseNotify();
		}

	},

	/** Is rejected, but sends more than the server is configured to discard. */
	ENDLESS_UPLOAD {

		@Override
		int cost() {
			return DemoConnections.MAX_COUNT;
		}

		@Override
		void play(DemoClient client) throws IOException {
			client.upload(256_000_000);
			client.readAnswer();
		}

	},

	/** Connects and leaves without a byte, as a port scan or a TCP health check does. */
	PORT_SCAN {

		@Override
		void play(DemoClient client) throws IOException {
			client.sendFin();
		}

	},

	/** Speaks plain HTTP to the TLS port. */
	PLAIN_HTTP {

		@Override
		void play(DemoClient client) throws IOException {
			client.requestWithoutTls();
		}

	};

	/**
	 * Return the cost of one connection.
	 * @return its part of the limits of {@link DemoConnections}
	 */
	int cost() {
		return 1;
	}

	/**
	 * Do everything but close the TCP connection.
	 * @param client the client, which is connected
	 * @throws IOException if the server has ended the connection before
	 */
	abstract void play(DemoClient client) throws IOException;

	/**
	 * Return the ending with a name.
	 * @param name the name
	 * @return the ending
	 * @throws IllegalArgumentException if there is none
	 */
	@JsonCreator
	static DemoEnding of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT));
	}

	/**
	 * Return the name.
	 * @return the name, in lower case
	 */
	@JsonValue
	String value() {
		return name().toLowerCase(Locale.ROOT);
	}

}
