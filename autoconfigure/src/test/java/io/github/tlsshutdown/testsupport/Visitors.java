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
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/**
 * Visits the sample application, in a process of its own: as the clients of a healthy
 * site do, or as those that lose something. Needs nothing but the JDK.
 */
public final class Visitors {

	private static final int BROWSERS = 30;

	private static final int LOSERS = 10;

	private static final byte[] PART = new byte[10_000];

	private final int port;

	/** Sessions are resumed. */
	private final SSLContext context = TlsPeer.newContext();

	private Visitors(int port) {
		this.port = port;
	}

	/**
	 * Visit.
	 * @param args the server's port, and {@code healthy} or {@code lossy}
	 * @throws Exception if the server cannot be reached, or does not answer
	 */
	public static void main(String[] args) throws Exception {
		Visitors visitors = new Visitors(Integer.parseInt(args[0]));
		switch (args[1]) {
			case "healthy" -> visitors.loseNothing();
			case "lossy" -> visitors.loseSomething();
			default -> throw new IllegalArgumentException(args[1]);
		}
	}

	private void loseNothing() throws IOException {
		for (int i = 0; i < BROWSERS; i++) {
			leaveAsABrowserDoes("/hello");
			leaveAsABrowserDoes("/bye");
		}
		for (int i = 0; i < LOSERS; i++) {
			closeAsAPoolDoes("/hello");
			closeAsAPoolDoes("/bye");
			checkHealthByTcp();
			upload(500_000);
		}
	}

	// Without close_notify, be it first or after the server
	private void leaveAsABrowserDoes(String path) throws IOException {
		try (TlsPeer browser = visit(path)) {
			browser.sendFin();
			browser.awaitFinOrReset();
		}
	}

	private void closeAsAPoolDoes(String path) throws IOException {
		try (TlsPeer pool = visit(path)) {
			pool.sendCloseNotify();
			pool.awaitFinOrReset();
		}
	}

	private TlsPeer visit(String path) throws IOException {
		TlsPeer peer = connect();
		peer.get(path);
		peer.readResponse(path.substring(1));
		if (path.equals("/bye")) {
			peer.awaitFinOrReset();
		}
		return peer;
	}

	private void checkHealthByTcp() throws IOException {
		new Socket(InetAddress.getLoopbackAddress(), this.port).close();
	}

	private void upload(int length) throws IOException {
		try (TlsPeer peer = connect()) {
			peer.send("POST /reject?size=5 HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n");
			for (int sent = 0; sent < length; sent += PART.length) {
				peer.send(PART);
			}
			peer.readResponse(".....");
			peer.awaitFinOrReset();
			peer.sendFin();
		}
	}

	private void loseSomething() throws Exception {
		List<TlsPeer> deaf = new ArrayList<>();
		for (int i = 0; i < LOSERS; i++) {
			deaf.add(download());
			TlsPeer vanishing = download();
			vanishing.readAtLeast(100_000);
			vanishing.reset();
			uploadWithoutEnd();
		}
		// Until the server's own time for writing is over
		Thread.sleep(4_000);
		for (TlsPeer peer : deaf) {
			peer.close();
		}
	}

	private TlsPeer download() throws IOException {
		TlsPeer peer = TlsPeer.connect(this.port, "TLSv1.3", this.context, 4096);
		peer.send("POST /reject?size=10000000 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
		return peer;
	}

	private void uploadWithoutEnd() {
		try {
			upload(100_000_000);
		}
		catch (IOException ex) {
			// The server does not discard so much
		}
	}

	private TlsPeer connect() throws IOException {
		return TlsPeer.connect(this.port, "TLSv1.3", this.context, 0);
	}

}
