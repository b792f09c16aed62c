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

package io.github.tlsshutdown.chaos;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.testsupport.Http2Peer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

/**
 * A moment in the life of a connection at which its peer may end it.
 */
enum Moment {

	HANDSHAKE_DONE {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			return connection.handshake();
		}

	},

	IDLE {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			return connection.http1();
		}

	},

	HALF_A_HEADER {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			peer.send("GET /hello HTTP/1.1\r\nHost: loc");
			return peer;
		}

	},

	HALF_AN_UPLOAD {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000\r\n\r\n");
			peer.send(new byte[20_000]);
			return peer;
		}

	},

	/** The server writes, and reads when it has written everything. */
	DOWNLOAD {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			peer.get("/hello?size=" + ChaosConnection.LARGE);
			peer.readAtLeast(1000);
			return peer;
		}

	},

	HTTP2_IDLE {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			return connection.http2().tls();
		}

	},

	HTTP2_HALF_A_FRAME {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http2().tls();
			peer.send(new byte[] { 0, 0, 100, Http2Peer.HEADERS, 4, 0, 0, 0, 7, 1, 2, 3 });
			return peer;
		}

	},

	HTTP2_HALF_AN_UPLOAD {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			Http2Peer peer = connection.http2();
			peer.send(Http2Peer.DATA, 0, peer.post("/read"), new byte[10_000]);
			return peer.tls();
		}

	},

	/** The server reads while it writes. */
	HTTP2_DOWNLOAD {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			Http2Peer peer = connection.http2();
			peer.readSomeDataOf(peer.get("/hello?size=" + ChaosConnection.LARGE));
			return peer.tls();
		}

	},

	/** The server will close when it has written everything, whatever comes. */
	LAST_DOWNLOAD(true) {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			TlsPeer peer = connection.http1();
			peer.get("/bye?size=" + ChaosConnection.LARGE);
			peer.readAtLeast(1000);
			return peer;
		}

	},

	SERVER_HAS_CLOSED(true) {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			return connection.awaitServerClose();
		}

	},

	HTTP2_SERVER_HAS_CLOSED(true) {

		@Override
		TlsPeer reach(ChaosConnection connection) throws IOException {
			Http2Peer peer = connection.http2();
			peer.sendGoAway();
			peer.tls().awaitFinOrReset();
			return peer.tls();
		}

	};

	private final boolean serverFirst;

	Moment() {
		this(false);
	}

	Moment(boolean serverFirst) {
		this.serverFirst = serverFirst;
	}

	/**
	 * Whether the server closes, whatever its peer does.
	 * @return whether it does
	 */
	boolean isServerFirst() {
		return this.serverFirst;
	}

	/**
	 * Whether a peer that leaves now has cut a request or a response off.
	 * @param ending how it leaves
	 * @return whether it has, or {@code null} if that depends on how much the server has
	 * read or written by then
	 */
	@Nullable Boolean isTruncatedBy(Ending ending) {
		return switch (this) {
			case HANDSHAKE_DONE, IDLE, HTTP2_IDLE, SERVER_HAS_CLOSED, HTTP2_SERVER_HAS_CLOSED -> false;
			case HALF_AN_UPLOAD -> isUploadTruncatedBy(ending);
			case HTTP2_HALF_AN_UPLOAD -> TestServer.knowsStreams() ? isUploadTruncatedBy(ending) : null;
			case DOWNLOAD, LAST_DOWNLOAD -> (ending == Ending.RESET) ? true : null;
			case HTTP2_DOWNLOAD -> (ending == Ending.RESET && TestServer.knowsStreams()) ? true : null;
			case HALF_A_HEADER, HTTP2_HALF_A_FRAME -> null;
		};
	}

	// A reset may have the kernel throw away the beginning, too
	private static @Nullable Boolean isUploadTruncatedBy(Ending ending) {
		return (ending != Ending.RESET) ? ending != Ending.BROKEN_RECORD : null;
	}

	/**
	 * Take a connection to this moment.
	 * @param connection the connection, just made
	 * @return the connection's peer
	 * @throws IOException if that fails
	 */
	abstract TlsPeer reach(ChaosConnection connection) throws IOException;

}
