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

package io.github.tlsshutdown.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Makes TLS 1.3 connections. They come from several addresses, because there are too few
 * ports for one, and check no certificate, because that is not what is measured.
 */
public final class TlsClients {

	private static final int SOURCE_ADDRESSES = 16;

	private static final AtomicInteger connections = new AtomicInteger();

	private final SSLContext context;

	private TlsClients(SSLContext context) {
		this.context = context;
	}

	/**
	 * Create clients that share a cache of sessions.
	 * @return the clients
	 */
	public static TlsClients create() {
		try {
			SSLContext context = SSLContext.getInstance("TLSv1.3");
			context.init(null, new TrustManager[] { new TrustEveryone() }, null);
			return new TlsClients(context);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Connect, with a full handshake.
	 * @param address the server's address
	 * @return the connection
	 * @throws IOException if it fails
	 */
	public TlsConnection connect(InetSocketAddress address) throws IOException {
		return connect(address, null);
	}

	/**
	 * Connect, and resume the session of an earlier connection if there is one.
	 * @param address the server's address
	 * @param session by what name the session is kept; {@code null} for a full handshake
	 * @return the connection
	 * @throws IOException if it fails
	 */
	public TlsConnection connect(InetSocketAddress address, @Nullable String session) throws IOException {
		SocketChannel socket = SocketChannel.open();
		try {
			socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
			socket.bind(new InetSocketAddress("127.0.1." + (1 + connections.getAndIncrement() % SOURCE_ADDRESSES), 0));
			socket.connect(address);
			SSLEngine engine = (session != null) ? this.context.createSSLEngine(session, address.getPort())
					: this.context.createSSLEngine();
			engine.setUseClientMode(true);
			TlsConnection connection = new TlsConnection(socket, engine);
			connection.handshake();
			return connection;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	private static final class TrustEveryone extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
