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

package io.github.tlsshutdown.nio;

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

	private static final int BUFFER_SIZE = 64 * 1024;

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
		ByteBuffer toServer = ByteBuffer.allocate(BUFFER_SIZE);
		ByteBuffer toClient = ByteBuffer.allocate(BUFFER_SIZE);
		client.beginHandshake();
		server.beginHandshake();
		boolean progress = true;
		// Until neither has anything to say, which includes the session tickets
		while (progress) {
			progress = advance(client, toClient, toServer) | advance(server, toServer, toClient);
		}
		if (!server.getSession().isValid() || toServer.position() > 0 || toClient.position() > 0) {
			throw new IOException("Handshake not completed");
		}
		client.closeOutbound();
		client.wrap(NOTHING.duplicate(), toServer);
		return new Pair(socket, server, peer, toServer.flip());
	}

	private static boolean advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws IOException {
		if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
			engine.wrap(NOTHING.duplicate(), out);
			runTasks(engine);
			return true;
		}
		SSLEngineResult result = engine.unwrap(in.flip(), ByteBuffer.allocate(BUFFER_SIZE));
		in.compact();
		runTasks(engine);
		return result.bytesConsumed() > 0;
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
