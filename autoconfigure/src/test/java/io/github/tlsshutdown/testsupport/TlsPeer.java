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
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * A TLS client that owns its TCP socket, and so can end a connection in every way and
 * tell what it saw of the server's.
 */
public final class TlsPeer implements Closeable {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final Socket socket;

	private final SSLEngine engine;

	private ByteBuffer netIn = ByteBuffer.allocate(64 * 1024).limit(0);

	private final ByteBuffer appIn = ByteBuffer.allocate(64 * 1024);

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private boolean closeNotify;

	private @Nullable SSLException fatal;

	private @Nullable End end;

	/** Whether the last flight of the handshake waits for what is sent next. */
	private boolean holding;

	private byte[] held = new byte[0];

	private TlsPeer(Socket socket, SSLEngine engine) {
		this.socket = socket;
		this.engine = engine;
	}

	/**
	 * Connect, and complete the handshake.
	 * @param port the server's port
	 * @param protocol the TLS version, such as {@code TLSv1.3}
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static TlsPeer connect(int port, String protocol) throws IOException {
		return connect(port, protocol, newContext(), 0);
	}

	/**
	 * Connect, and complete the handshake.
	 * @param port the server's port
	 * @param protocol the TLS version
	 * @param context holds the sessions that can be resumed
	 * @param receiveBuffer size of the socket's receive buffer; 0 for the system's choice
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static TlsPeer connect(int port, String protocol, SSLContext context, int receiveBuffer) throws IOException {
		return connect(port, protocol, context, receiveBuffer, new SSLParameters());
	}

	/**
	 * Connect, and complete the handshake.
	 * @param port the server's port
	 * @param protocol the TLS version
	 * @param context holds the sessions that can be resumed
	 * @param receiveBuffer size of the socket's receive buffer; 0 for the system's choice
	 * @param parameters what to ask the server for, such as an application protocol
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static TlsPeer connect(int port, String protocol, SSLContext context, int receiveBuffer,
			SSLParameters parameters) throws IOException {
		Socket socket = new Socket();
		if (receiveBuffer > 0) {
			socket.setReceiveBufferSize(receiveBuffer);
		}
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(20_000);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 20_000);
		EventRecorder.connected(socket.getLocalPort());
		return over(socket, "localhost", protocol, context, parameters);
	}

	/**
	 * Connect, and hold the last flight of the handshake back: it leaves in one piece
	 * with what is sent next. That flight is ours under TLS 1.3, and wherever a session
	 * is resumed.
	 * @param port the server's port
	 * @param protocol the TLS version
	 * @param context holds the sessions that can be resumed
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static TlsPeer connectHolding(int port, String protocol, SSLContext context) throws IOException {
		return connectHolding(port, protocol, context, new SSLParameters());
	}

	/**
	 * Connect, and hold the last flight of the handshake back.
	 * @param port the server's port
	 * @param protocol the TLS version
	 * @param context holds the sessions that can be resumed
	 * @param parameters what to ask the server for, such as an application protocol
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static TlsPeer connectHolding(int port, String protocol, SSLContext context, SSLParameters parameters)
			throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		EventRecorder.connected(socket.getLocalPort());
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(20_000);
		SSLEngine engine = context.createSSLEngine("localhost", port);
		engine.setUseClientMode(true);
		engine.setSSLParameters(parameters);
		engine.setEnabledProtocols(new String[] { protocol });
		TlsPeer peer = new TlsPeer(socket, engine);
		peer.holding = true;
		peer.handshake();
		return peer;
	}

	/**
	 * Complete the handshake over a connection.
	 * @param socket the connection
	 * @param name the server's name, by which sessions are found that can be resumed
	 * @param protocol the TLS version
	 * @param context holds the sessions that can be resumed
	 * @param parameters what to ask the server for, such as an application protocol
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static TlsPeer over(Socket socket, String name, String protocol, SSLContext context,
			SSLParameters parameters) throws IOException {
		SSLEngine engine = context.createSSLEngine(name, socket.getPort());
		engine.setUseClientMode(true);
		engine.setSSLParameters(parameters);
		engine.setEnabledProtocols(new String[] { protocol });
		TlsPeer peer = new TlsPeer(socket, engine);
		try {
			peer.handshake();
		}
		catch (SSLException ex) {
			peer.wrap(NOTHING.duplicate());
			socket.close();
			throw ex;
		}
		return peer;
	}

	/**
	 * Make the first message of a handshake.
	 * @param protocol the TLS version
	 * @return the bytes of its record
	 * @throws SSLException if it cannot be made
	 */
	public static byte[] clientHello(String protocol) throws SSLException {
		SSLEngine engine = newContext().createSSLEngine();
		engine.setUseClientMode(true);
		engine.setEnabledProtocols(new String[] { protocol });
		engine.beginHandshake();
		ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
		engine.wrap(NOTHING.duplicate(), hello);
		return Arrays.copyOf(hello.array(), hello.position());
	}

	/**
	 * Make a context that trusts every server.
	 * @return the context
	 */
	public static SSLContext newContext() {
		return newContext(new AtomicInteger());
	}

	/**
	 * Make a context that trusts every server, and counts how often it was asked to: a
	 * resumed session asks nobody.
	 * @param fullHandshakes the count
	 * @return the context
	 */
	public static SSLContext newContext(AtomicInteger fullHandshakes) {
		return newContext(null, fullHandshakes);
	}

	/**
	 * Make a context that trusts every server, and shows a certificate of its own even to
	 * servers that do not know it.
	 * @param keyStore the certificate's key store, one of {@link TestCertificate}
	 * @return the context
	 */
	public static SSLContext newContext(Path keyStore) {
		try {
			char[] password = TestCertificate.PASSWORD.toCharArray();
			KeyStore keys = KeyStore.getInstance(keyStore.toFile(), password);
			KeyManager keyManager = new OneKey((X509Certificate) keys.getCertificate("test"),
					(PrivateKey) keys.getKey("test", password));
			return newContext(new KeyManager[] { keyManager }, new AtomicInteger());
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static SSLContext newContext(KeyManager @Nullable [] keyManagers, AtomicInteger fullHandshakes) {
		try {
			// Whatever the server's provider is
			SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
			context.init(keyManagers, new TrustManager[] { new TrustEveryone(fullHandshakes) }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void handshake() throws IOException {
		this.engine.beginHandshake();
		HandshakeStatus status = this.engine.getHandshakeStatus();
		// A whole flight at once: a server that rejects its first message closes, and
		// whoever then writes the others is reset before the server's alert is read
		ByteArrayOutputStream flight = new ByteArrayOutputStream();
		while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
			switch (status) {
				case NEED_TASK -> {
					Runnable task;
					while ((task = this.engine.getDelegatedTask()) != null) {
						task.run();
					}
					status = this.engine.getHandshakeStatus();
				}
				case NEED_WRAP -> status = wrap(NOTHING.duplicate(), flight);
				default -> {
					sendFlight(flight);
					status = unwrapOne();
				}
			}
		}
		if (this.holding) {
			this.held = flight.toByteArray();
			return;
		}
		sendFlight(flight);
	}

	private void sendFlight(ByteArrayOutputStream flight) throws IOException {
		if (flight.size() > 0) {
			sendRaw(flight.toByteArray());
			flight.reset();
		}
	}

	private HandshakeStatus wrap(ByteBuffer data) throws IOException {
		ByteArrayOutputStream record = new ByteArrayOutputStream();
		HandshakeStatus status = wrap(data, record);
		sendRaw(record.toByteArray());
		return status;
	}

	private HandshakeStatus wrap(ByteBuffer data, ByteArrayOutputStream records) throws IOException {
		ByteBuffer net = ByteBuffer.allocate(this.engine.getSession().getPacketBufferSize());
		SSLEngineResult result = this.engine.wrap(data, net);
		if (result.getStatus() == SSLEngineResult.Status.CLOSED && data.hasRemaining()) {
			throw new IOException("The client has closed its side");
		}
		records.write(net.array(), 0, net.position());
		return result.getHandshakeStatus();
	}

	private HandshakeStatus unwrapOne() throws IOException {
		while (true) {
			this.appIn.clear();
			SSLEngineResult result = this.engine.unwrap(this.netIn, this.appIn);
			this.received.write(this.appIn.array(), 0, this.appIn.position());
			if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
				this.closeNotify = true;
			}
			if (result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
				return result.getHandshakeStatus();
			}
			fill();
		}
	}

	private void fill() throws IOException {
		if (this.end == End.FIN) {
			throw new EndOfStreamException();
		}
		if (this.netIn.limit() - this.netIn.position() == this.netIn.capacity()) {
			this.netIn = ByteBuffer.allocate(this.netIn.capacity() * 2).put(this.netIn).flip();
		}
		this.netIn.compact();
		int read = 0;
		try {
			read = this.socket.getInputStream().read(this.netIn.array(), this.netIn.position(), this.netIn.remaining());
		}
		finally {
			this.netIn.position(this.netIn.position() + Math.max(read, 0)).flip();
		}
		if (read == -1) {
			this.end = End.FIN;
			throw new EndOfStreamException();
		}
	}

	public int localPort() {
		return this.socket.getLocalPort();
	}

	public Socket socket() {
		return this.socket;
	}

	public SSLEngine engine() {
		return this.engine;
	}

	/**
	 * Send a request without a body.
	 * @param path the path and query
	 * @throws IOException if that fails
	 */
	public void get(String path) throws IOException {
		send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}

	/**
	 * Send application data.
	 * @param data the data
	 * @throws IOException if that fails
	 */
	public void send(String data) throws IOException {
		send(data.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Send application data.
	 * @param data the data
	 * @throws IOException if that fails
	 */
	public void send(byte[] data) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(data);
		while (buffer.hasRemaining()) {
			wrap(buffer);
		}
	}

	/**
	 * Send bytes as they are.
	 * @param data the bytes
	 * @throws IOException if that fails
	 */
	public void sendRaw(byte[] data) throws IOException {
		byte[] all = data;
		if (this.held.length > 0) {
			all = Arrays.copyOf(this.held, this.held.length + data.length);
			System.arraycopy(data, 0, all, this.held.length, data.length);
			this.held = new byte[0];
		}
		this.socket.getOutputStream().write(all);
	}

	/**
	 * Send a record of application data that cannot be decrypted.
	 * @throws IOException if that fails
	 */
	public void sendBrokenRecord() throws IOException {
		sendRaw(encryptBrokenRecord());
	}

	/**
	 * Make a record of application data that cannot be decrypted without sending it.
	 * @return the encrypted bytes
	 * @throws IOException if that fails
	 */
	public byte[] encryptBrokenRecord() throws IOException {
		byte[] record = encrypt(new byte[100]);
		record[record.length - 1] ^= 1;
		return record;
	}

	/**
	 * Send a fatal alert.
	 * @throws IOException if that fails
	 */
	public void sendFatalAlert() throws IOException {
		sendRaw(encryptFatalAlert());
	}

	/**
	 * Make a fatal alert without sending it, by letting the engine meet a record it
	 * cannot decrypt.
	 * @return the encrypted bytes
	 * @throws IOException if that fails
	 */
	public byte[] encryptFatalAlert() throws IOException {
		byte[] broken = new byte[100];
		System.arraycopy(new byte[] { 23, 3, 3, 0, 95 }, 0, broken, 0, 5);
		try {
			this.engine.unwrap(ByteBuffer.wrap(broken), this.appIn.clear());
			throw new IllegalStateException("The engine took a broken record");
		}
		catch (SSLException ex) {
			return encrypt(new byte[0]);
		}
	}

	/**
	 * Ask for a new handshake: KeyUpdate under TLS 1.3, renegotiation under TLS 1.2.
	 * @throws IOException if that fails
	 */
	public void sendHandshake() throws IOException {
		sendRaw(encryptHandshake());
	}

	/**
	 * Make a request for a new handshake without sending it.
	 * @return the encrypted bytes
	 * @throws IOException if that fails
	 */
	public byte[] encryptHandshake() throws IOException {
		this.engine.beginHandshake();
		return encrypt(new byte[0]);
	}

	/**
	 * Make a record, or several, without sending it.
	 * @param data application data
	 * @return the encrypted bytes
	 * @throws IOException if that fails
	 */
	public byte[] encrypt(byte[] data) throws IOException {
		ByteBuffer net = ByteBuffer.allocate(this.engine.getSession().getPacketBufferSize());
		this.engine.wrap(ByteBuffer.wrap(data), net);
		return Arrays.copyOf(net.array(), net.position());
	}

	/**
	 * Make a close_notify without sending it.
	 * @return the encrypted bytes
	 * @throws IOException if that fails
	 */
	public byte[] encryptCloseNotify() throws IOException {
		this.engine.closeOutbound();
		return encrypt(new byte[0]);
	}

	/**
	 * Send close_notify and leave the TCP connection as it is.
	 * @throws IOException if that fails
	 */
	public void sendCloseNotify() throws IOException {
		byte[] alert = encryptCloseNotify();
		sendRaw(alert);
	}

	/**
	 * Send FIN and nothing before it.
	 * @throws IOException if that fails
	 */
	public void sendFin() throws IOException {
		this.socket.shutdownOutput();
	}

	/**
	 * Reset the TCP connection.
	 * @throws IOException if that fails
	 */
	public void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	/**
	 * Read application data until there is so much of it.
	 * @param length number of bytes since the connection was made
	 * @throws IOException if the connection ends before
	 */
	public void readAtLeast(int length) throws IOException {
		while (this.received.size() < length && !this.closeNotify) {
			unwrapOne();
		}
		if (this.received.size() < length) {
			throw new EndOfStreamException();
		}
	}

	/**
	 * Read a response of which the body is known.
	 * @param body how the response ends
	 * @throws IOException if the connection ends before
	 */
	public void readResponse(String body) throws IOException {
		while (!receivedText().endsWith("\r\n\r\n" + body)) {
			readAtLeast(this.received.size() + 1);
		}
		this.received.reset();
	}

	/**
	 * Read until the server's FIN or reset, without decrypting what comes before. A JDK
	 * client that has seen close_notify cannot send data any more under TLS 1.2.
	 * @return the end
	 * @throws SocketTimeoutException if there is none for a long time
	 */
	public End awaitFinOrReset() throws IOException {
		if (this.end == null) {
			try {
				while (true) {
					fill();
				}
			}
			catch (EndOfStreamException ex) {
				this.end = End.FIN;
			}
			catch (SocketException ex) {
				this.end = End.RST;
			}
		}
		return this.end;
	}

	/**
	 * Read until the server's FIN or reset, and decrypt what came before.
	 * @return the end
	 * @throws IOException if there is none for a long time
	 */
	public End awaitEnd() throws IOException {
		End end = awaitFinOrReset();
		try {
			// What follows an alert is not TLS any more
			while (this.netIn.hasRemaining() && !this.closeNotify) {
				unwrapOne();
			}
		}
		catch (EndOfStreamException | SocketException ex) {
			// Half a record is left, and stays as it is
			return end;
		}
		catch (SSLException ex) {
			this.fatal = ex;
		}
		return end;
	}

	/**
	 * Whether the server's close_notify was received and decrypted.
	 * @return whether it was
	 */
	public boolean sawCloseNotify() {
		return this.closeNotify;
	}

	/**
	 * What the engine said of a fatal alert, or of a record it could not decrypt.
	 * @return the exception, or {@code null} if there was none
	 */
	public @Nullable SSLException fatal() {
		return this.fatal;
	}

	/**
	 * Return what the server has sent.
	 * @return the number of bytes of application data
	 */
	public int receivedBytes() {
		return this.received.size();
	}

	/**
	 * Return what was read from the socket but is not decrypted.
	 * @return the number of bytes
	 */
	public int undecryptedBytes() {
		return this.netIn.remaining();
	}

	/**
	 * Return what the server has sent since this was last called.
	 * @return application data
	 */
	public byte[] takeReceived() {
		byte[] data = this.received.toByteArray();
		this.received.reset();
		return data;
	}

	/**
	 * Return what the server has sent.
	 * @return application data as text
	 */
	public String receivedText() {
		return this.received.toString(StandardCharsets.US_ASCII);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * How a TCP connection ends.
	 */
	public enum End {

		/** In order. */
		FIN,

		/** By a reset. */
		RST

	}

	private static final class EndOfStreamException extends IOException {

		private static final long serialVersionUID = 1L;

	}

	private static final class OneKey extends X509ExtendedKeyManager {

		private final X509Certificate certificate;

		private final PrivateKey key;

		OneKey(X509Certificate certificate, PrivateKey key) {
			this.certificate = certificate;
			this.key = key;
		}

		@Override
		public String[] getClientAliases(String keyType, Principal[] issuers) {
			return new String[] { "test" };
		}

		@Override
		public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
			return "test";
		}

		@Override
		public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
			return "test";
		}

		@Override
		public String[] getServerAliases(String keyType, Principal[] issuers) {
			return new String[0];
		}

		@Override
		public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
			return null;
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			return new X509Certificate[] { this.certificate };
		}

		@Override
		public PrivateKey getPrivateKey(String alias) {
			return this.key;
		}

	}

	private static final class TrustEveryone extends X509ExtendedTrustManager {

		private final AtomicInteger asked;

		TrustEveryone(AtomicInteger asked) {
			this.asked = asked;
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

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
			this.asked.incrementAndGet();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
