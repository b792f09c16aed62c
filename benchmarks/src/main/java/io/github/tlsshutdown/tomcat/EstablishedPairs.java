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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.TrustManagerFactory;

import io.github.tlsshutdown.benchmarks.process.KeyStoreFile;

/**
 * Makes TLS connections whose handshake is done and whose peer has its close_notify
 * ready.
 */
final class EstablishedPairs {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final SSLContext context;

	private final ServerSocketChannel acceptor;

	EstablishedPairs() {
		try {
			KeyStore keyStore = KeyStore.getInstance(KeyStoreFile.path().toFile(), KeyStoreFile.PASSWORD.toCharArray());
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(keyStore, KeyStoreFile.PASSWORD.toCharArray());
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("server", keyStore.getCertificate("server"));
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted);
			this.context = SSLContext.getInstance("TLSv1.3");
			this.context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
			this.acceptor = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Pair connect() throws IOException {
		SocketChannel peer = SocketChannel.open(this.acceptor.getLocalAddress());
		SocketChannel socket = this.acceptor.accept();
		socket.configureBlocking(false);
		SSLEngine client = this.context.createSSLEngine("localhost", 1);
		client.setUseClientMode(true);
		SSLEngine server = this.context.createSSLEngine();
		server.setUseClientMode(false);
		// Until neither has anything to say, which includes the session tickets
		boolean progress = true;
		client.beginHandshake();
		server.beginHandshake();
		while (progress) {
			progress = transfer(client, server) | transfer(server, client);
		}
		client.closeOutbound();
		return new Pair(socket, server, peer, wrap(client));
	}

	private static boolean transfer(SSLEngine from, SSLEngine to) throws IOException {
		ByteBuffer records = wrap(from);
		boolean some = records.hasRemaining();
		ByteBuffer application = ByteBuffer.allocate(to.getSession().getApplicationBufferSize());
		while (records.hasRemaining()) {
			SSLEngineResult result = to.unwrap(records, application);
			runTasks(to);
			if (result.bytesConsumed() == 0 && result.getStatus() != SSLEngineResult.Status.OK) {
				throw new IOException("Handshake failed: " + result);
			}
		}
		return some;
	}

	private static ByteBuffer wrap(SSLEngine engine) throws IOException {
		ByteBuffer records = ByteBuffer.allocate(4 * engine.getSession().getPacketBufferSize());
		runTasks(engine);
		while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
			engine.wrap(NOTHING.duplicate(), records);
			runTasks(engine);
		}
		return records.flip();
	}

	private static void runTasks(SSLEngine engine) {
		Runnable task;
		while ((task = engine.getDelegatedTask()) != null) {
			task.run();
		}
	}

	/**
	 * A connection.
	 *
	 * @param socket the server's end
	 * @param engine the server's TLS engine
	 * @param peer the other end
	 * @param closeNotify what the peer has to send to end the connection
	 */
	record Pair(SocketChannel socket, SSLEngine engine, SocketChannel peer, ByteBuffer closeNotify) {
	}

}
