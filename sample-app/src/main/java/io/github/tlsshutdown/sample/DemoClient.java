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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client of the demo, which records what both sides do. Used by one thread at a time,
 * but for {@link #close()}.
 */
final class DemoClient implements AutoCloseable {

	private static final String CLIENT = "client";

	private static final String SERVER = "server";

	private static final String CLOSE_NOTIFY = "close_notify";

	private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

	/** What the server has sent is there when it has closed. */
	private static final int SETTLE_TIMEOUT_MILLIS = 1_000;

	/** Longer than it takes a server's selector to let go of a socket. */
	private static final Duration RESET_LIMIT = Duration.ofMillis(1_500);

	private static final int CHUNK = 10_000;

	private static final Log logger = LogFactory.getLog(DemoClient.class);

	private final Socket socket = new Socket();

	private final long start = System.nanoTime();

	private final List<DemoStep> steps = new ArrayList<>();

	private final DemoTrust trust;

	private @Nullable TlsClient tls;

	private boolean asked;

	private boolean answered;

	private boolean ended;

	private boolean closeNotifyAfterEnd;

	private boolean reset;

	/**
	 * Create a client that is not connected yet.
	 * @param address the address it connects from
	 * @param trust the certificates it trusts
	 * @throws IOException if there is no port for it
	 */
	DemoClient(InetAddress address, DemoTrust trust) throws IOException {
		this.trust = trust;
		this.socket.bind(new InetSocketAddress(address, 0));
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.socket.getLocalSocketAddress();
	}

	void connect(InetSocketAddress server) throws IOException {
		this.socket.connect(server, CONNECT_TIMEOUT_MILLIS);
	}

	boolean isConnected() {
		return this.socket.isConnected();
	}

	void request(String path) throws IOException {
		TlsClient client = ask();
		client.request("GET", path);
	}

	void upload(int length) throws IOException {
		TlsClient client = ask();
		client.send("POST /reject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ "Content-Length: " + length + "\r\n\r\n");
		for (int sent = 0; sent < length; sent += CHUNK) {
			client.send(ByteBuffer.allocate(CHUNK));
		}
	}

	private TlsClient ask() throws IOException {
		TlsClient client = TlsClient.handshake(this.socket, this.trust.context(), "TLSv1.3");
		this.tls = client;
		this.asked = true;
		note(CLIENT, "request");
		return client;
	}

	void requestWithoutTls() throws IOException {
		this.socket.getOutputStream()
			.write("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		note(CLIENT, "plain_http");
	}

	void readAnswer() throws IOException {
		tls().readResponse();
		this.answered = true;
		note(SERVER, "answer");
	}

	void readEnd() throws IOException {
		if (tls().readEnd() == TlsEnd.CLOSE_NOTIFY_THEN_FIN) {
			note(SERVER, CLOSE_NOTIFY);
		}
		noteFin();
	}

	void sendCloseNotify() throws IOException {
		tls().sendCloseNotify();
		note(CLIENT, CLOSE_NOTIFY);
		this.closeNotifyAfterEnd = this.ended;
	}

	void sendFatalAlert() throws IOException {
		tls().sendFatalAlert();
		note(CLIENT, "fatal_alert");
		// Nothing can be decrypted any more
		this.tls = null;
	}

	void sendFin() throws IOException {
		this.socket.shutdownOutput();
		note(CLIENT, "fin");
	}

	void sendReset() throws IOException {
		tls().reset();
		note(CLIENT, "reset");
	}

	private TlsClient tls() {
		if (this.tls == null) {
			throw new IllegalStateException("Nothing was asked for");
		}
		return this.tls;
	}

	/**
	 * Record why the client could not finish its script.
	 * @param failure the reason
	 */
	void noteFailure(Exception failure) {
		logger.debug("A demo client could not finish its script", failure);
		if (failure instanceof SocketException && isConnected() && !this.socket.isClosed()) {
			this.reset = true;
			note(SERVER, "reset");
		}
	}

	/**
	 * Record what the server has done since, when it has closed.
	 * @param heard whether the server has read the client's close_notify
	 */
	void settle(boolean heard) {
		if (this.socket.isClosed() || this.reset) {
			return;
		}
		try {
			this.socket.setSoTimeout(SETTLE_TIMEOUT_MILLIS);
			if (!this.ended) {
				readRest();
			}
			else if (this.closeNotifyAfterEnd && !heard) {
				awaitReset();
			}
		}
		catch (IOException ex) {
			noteFailure(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait for the reset that answers what the server did not read. After the server's
	 * FIN reading does not show it, only writing does.
	 */
	private void awaitReset() throws IOException, InterruptedException {
		long begin = System.nanoTime();
		while (System.nanoTime() - begin < RESET_LIMIT.toNanos()) {
			this.socket.getOutputStream().write(0);
			Thread.sleep(10);
		}
	}

	private void readRest() throws IOException {
		if (this.tls != null) {
			readEnd();
			return;
		}
		this.socket.getInputStream().readAllBytes();
		noteFin();
	}

	private void noteFin() {
		this.ended = true;
		note(SERVER, "fin");
	}

	private void note(String by, String what) {
		this.steps.add(new DemoStep(by, what, Duration.ofNanos(System.nanoTime() - this.start)));
	}

	/**
	 * Return whether the answer arrived.
	 * @return {@code arrived}, {@code lost}, or {@code none} if none was asked for
	 */
	String answer() {
		return this.answered ? "arrived" : this.asked ? "lost" : "none";
	}

	/**
	 * Return whether the server has reset the connection.
	 * @return whether it has
	 */
	boolean isReset() {
		return this.reset;
	}

	List<DemoStep> steps() {
		return List.copyOf(this.steps);
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close a demo connection", ex);
		}
	}

}
