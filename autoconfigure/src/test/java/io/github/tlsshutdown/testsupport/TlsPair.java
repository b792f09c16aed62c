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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The two ends of a TLS connection in memory, its handshake completed: engines of the
 * JDK, and nothing between them.
 */
public final class TlsPair {

	private static final SSLContext context = createContext();

	private static final int BUFFER_SIZE = 64 * 1024;

	private final SSLEngine server;

	private final SSLEngine client;

	private TlsPair(SSLEngine server, SSLEngine client) {
		this.server = server;
		this.client = client;
	}

	/**
	 * Create two ends that have completed their handshake.
	 * @param protocol the TLS version, as JSSE names it
	 * @return the ends
	 */
	public static TlsPair of(String protocol) {
		// The name and the port allow sessions to be resumed, which is cheaper
		SSLEngine client = context.createSSLEngine("localhost", 1);
		client.setUseClientMode(true);
		client.setEnabledProtocols(new String[] { protocol });
		SSLEngine server = context.createSSLEngine();
		server.setUseClientMode(false);
		server.setEnabledProtocols(new String[] { protocol });
		try {
			client.beginHandshake();
			server.beginHandshake();
			ByteBuffer toServer = ByteBuffer.allocate(BUFFER_SIZE);
			ByteBuffer toClient = ByteBuffer.allocate(BUFFER_SIZE);
			boolean moved = true;
			while (moved) {
				moved = step(client, toClient, toServer) | step(server, toServer, toClient);
			}
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
		return new TlsPair(server, client);
	}

	public SSLEngine server() {
		return this.server;
	}

	public SSLEngine client() {
		return this.client;
	}

	private static boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
		byte[] flight = flush(engine);
		out.put(flight);
		in.flip();
		int consumed = in.hasRemaining() ? engine.unwrap(in, ByteBuffer.allocate(BUFFER_SIZE)).bytesConsumed() : 0;
		in.compact();
		runTasks(engine);
		return flight.length > 0 || consumed > 0;
	}

	/**
	 * Let an engine give what it has to send of its own accord: handshake messages and
	 * alerts.
	 * @param engine the engine
	 * @return the records
	 */
	public static byte[] flush(SSLEngine engine) {
		ByteArrayOutputStream records = new ByteArrayOutputStream();
		runTasks(engine);
		while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
			byte[] record = wrap(engine, ByteBuffer.allocate(0));
			records.writeBytes(record);
			runTasks(engine);
			if (record.length == 0) {
				break;
			}
		}
		return records.toByteArray();
	}

	/**
	 * Encrypt application data.
	 * @param engine the engine of the side that sends it
	 * @param data the data
	 * @return the records
	 */
	public static byte[] encrypt(SSLEngine engine, byte[] data) {
		ByteArrayOutputStream records = new ByteArrayOutputStream();
		ByteBuffer source = ByteBuffer.wrap(data);
		do {
			records.writeBytes(wrap(engine, source));
		}
		while (source.hasRemaining());
		return records.toByteArray();
	}

	/**
	 * Close an engine's outbound side.
	 * @param engine the engine
	 * @return its close_notify
	 */
	public static byte[] closeNotify(SSLEngine engine) {
		engine.closeOutbound();
		return wrap(engine, ByteBuffer.allocate(0));
	}

	/**
	 * Start a new handshake, which in TLS 1.3 is a key update that asks for one in
	 * return.
	 * @param engine the engine
	 * @return its first message
	 */
	public static byte[] renegotiate(SSLEngine engine) {
		try {
			engine.beginHandshake();
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
		return flush(engine);
	}

	/**
	 * Make an engine fail.
	 * @param engine the engine
	 * @return its fatal alert
	 */
	public static byte[] fatalAlert(SSLEngine engine) {
		byte[] nonsense = { 23, 3, 3, 0, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
				22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32 };
		try {
			engine.unwrap(ByteBuffer.wrap(nonsense), ByteBuffer.allocate(BUFFER_SIZE));
		}
		catch (SSLException ex) {
			return wrap(engine, ByteBuffer.allocate(0));
		}
		throw new IllegalStateException("The engine has taken nonsense for a record");
	}

	/**
	 * Decrypt until there is nothing left, or the other side has closed.
	 * @param engine the engine of the side that receives
	 * @param records the records, the last of which may be incomplete
	 * @return what they say
	 * @throws SSLException if they cannot be decrypted
	 */
	public static Received decrypt(SSLEngine engine, byte[] records) throws SSLException {
		ByteArrayOutputStream data = new ByteArrayOutputStream();
		ByteBuffer source = ByteBuffer.wrap(records);
		while (source.hasRemaining()) {
			ByteBuffer decrypted = ByteBuffer.allocate(BUFFER_SIZE);
			SSLEngineResult result = engine.unwrap(source, decrypted);
			data.write(decrypted.array(), 0, decrypted.position());
			if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
				return new Received(data.toByteArray(), result.bytesConsumed() > 0, source.remaining());
			}
			if (result.getStatus() != SSLEngineResult.Status.OK || result.bytesConsumed() == 0) {
				break;
			}
			runTasks(engine);
		}
		return new Received(data.toByteArray(), false, source.remaining());
	}

	private static byte[] wrap(SSLEngine engine, ByteBuffer source) {
		try {
			ByteBuffer record = ByteBuffer.allocate(BUFFER_SIZE);
			engine.wrap(source, record);
			byte[] bytes = new byte[record.flip().remaining()];
			record.get(bytes);
			return bytes;
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void runTasks(SSLEngine engine) {
		Runnable task;
		while ((task = engine.getDelegatedTask()) != null) {
			task.run();
		}
	}

	private static SSLContext createContext() {
		char[] password = TestCertificate.PASSWORD.toCharArray();
		try (InputStream in = Files.newInputStream(TestCertificate.keyStore())) {
			KeyStore keyStore = KeyStore.getInstance("PKCS12");
			keyStore.load(in, password);
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(keyStore, password);
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(KeyStore.getInstance(TestCertificate.trustStore().toFile(), password));
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What was received.
	 *
	 * @param data application data
	 * @param closeNotify whether a close_notify came after it
	 * @param undecrypted bytes that are left: part of a record, or what came after the
	 * close_notify
	 */
	public record Received(byte[] data, boolean closeNotify, int undecrypted) {
	}

}
