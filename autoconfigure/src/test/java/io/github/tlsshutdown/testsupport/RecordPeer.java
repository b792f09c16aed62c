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

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * A TLS client that encrypts whatever record it is told to, and as many of them as it is
 * told to. Bouncy Castle's low-level interface is used for it, since an engine of the JDK
 * sends only what is allowed.
 */
public final class RecordPeer implements Closeable {

	private final Socket socket;

	private final Protocol protocol;

	private RecordPeer(Socket socket) throws IOException {
		this.socket = socket;
		this.protocol = new Protocol(socket);
	}

	/**
	 * Connect, and complete the handshake.
	 * @param port the server's port
	 * @param version the TLS version, such as {@code TLSv1.3}
	 * @return the peer
	 * @throws IOException if that fails
	 */
	public static RecordPeer connect(int port, String version) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		EventRecorder.connected(socket.getLocalPort());
		try {
			socket.setTcpNoDelay(true);
			socket.setSoTimeout(20_000);
			RecordPeer peer = new RecordPeer(socket);
			peer.protocol
				.connect(new Client(version.equals("TLSv1.3") ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12));
			return peer;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	public int localPort() {
		return this.socket.getLocalPort();
	}

	/**
	 * Have a request answered.
	 * @param path the path, which the server also answers by
	 * @throws IOException if that fails
	 */
	public void get(String path) throws IOException {
		send(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		String end = "\r\n\r\n" + path.substring(1);
		StringBuilder response = new StringBuilder();
		byte[] buffer = new byte[1024];
		while (!response.toString().endsWith(end)) {
			int read = this.protocol.readApplicationData(buffer, 0, buffer.length);
			if (read < 0) {
				throw new IOException("The connection has ended before the response");
			}
			response.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
		}
	}

	/**
	 * Read application data.
	 * @param length how many bytes
	 * @return the bytes
	 * @throws IOException if the connection ends before
	 */
	public byte[] read(int length) throws IOException {
		byte[] data = new byte[length];
		for (int total = 0; total < length;) {
			int read = this.protocol.readApplicationData(data, total, length - total);
			if (read < 0) {
				throw new IOException("The connection has ended after " + total + " of " + length + " bytes");
			}
			total += read;
		}
		return data;
	}

	/**
	 * Read until the server's FIN, and look at nothing that comes before it.
	 * @throws IOException if there is none for a long time
	 */
	public void awaitFin() throws IOException {
		InputStream input = this.socket.getInputStream();
		while (input.read() != -1) {
			// Were the alert decrypted, this client would answer it
		}
	}

	public void send(byte[] data) throws IOException {
		this.protocol.writeApplicationData(data, 0, data.length);
	}

	public void sendEmptyRecord() throws IOException {
		this.protocol.record(ContentType.application_data, new byte[0]);
	}

	/**
	 * Send an alert that ends nothing.
	 * @throws IOException if that fails
	 */
	public void sendWarning() throws IOException {
		this.protocol.record(ContentType.alert,
				new byte[] { (byte) AlertLevel.warning, (byte) AlertDescription.user_canceled });
	}

	/**
	 * Send an encrypted ChangeCipherSpec.
	 * @throws IOException if that fails
	 */
	public void sendChangeCipherSpec() throws IOException {
		this.protocol.record(ContentType.change_cipher_spec, new byte[] { 1 });
	}

	/**
	 * Send KeyUpdate, in a record of its own.
	 * @param requested whether the server is to update its keys, too
	 * @throws IOException if that fails
	 */
	public void sendKeyUpdate(boolean requested) throws IOException {
		this.protocol.keyUpdate(requested);
	}

	/**
	 * Send the beginning of a handshake message.
	 * @param type the type of the message
	 * @param length the length its header gives
	 * @param sent how many bytes of its body follow
	 * @throws IOException if that fails
	 */
	public void sendHandshakeBeginning(int type, int length, int sent) throws IOException {
		byte[] message = new byte[4 + sent];
		message[0] = (byte) type;
		message[1] = (byte) (length >> 16);
		message[2] = (byte) (length >> 8);
		message[3] = (byte) length;
		sendHandshake(message);
	}

	/**
	 * Send a record of the handshake.
	 * @param fragment what it contains
	 * @throws IOException if that fails
	 */
	public void sendHandshake(byte[] fragment) throws IOException {
		this.protocol.record(ContentType.handshake, fragment);
	}

	/**
	 * Send bytes as they are.
	 * @param data the bytes
	 * @throws IOException if that fails
	 */
	public void sendRaw(byte[] data) throws IOException {
		this.socket.getOutputStream().write(data);
	}

	public void sendCloseNotify() throws IOException {
		this.protocol.record(ContentType.alert,
				new byte[] { (byte) AlertLevel.warning, (byte) AlertDescription.close_notify });
	}

	/**
	 * Reset the TCP connection, unless it is closed because the server has failed.
	 * @throws IOException if that fails
	 */
	public void reset() throws IOException {
		if (!this.socket.isClosed()) {
			this.socket.setSoLinger(true, 0);
		}
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private static final class Protocol extends TlsClientProtocol {

		Protocol(Socket socket) throws IOException {
			super(socket.getInputStream(), socket.getOutputStream());
		}

		void record(short type, byte[] content) throws IOException {
			writeRecord(type, content, 0, content.length);
		}

		void keyUpdate(boolean requested) throws IOException {
			send13KeyUpdate(requested);
		}

	}

	private static final class Client extends DefaultTlsClient {

		private static final TlsCrypto CRYPTO = new BcTlsCrypto();

		private final ProtocolVersion version;

		Client(ProtocolVersion version) {
			super(CRYPTO);
			this.version = version;
		}

		@Override
		protected ProtocolVersion[] getSupportedVersions() {
			return this.version.only();
		}

		@Override
		public TlsAuthentication getAuthentication() {
			return new ServerOnlyTlsAuthentication() {

				@Override
				public void notifyServerCertificate(TlsServerCertificate certificate) {
					// Every server is trusted
				}

			};
		}

	}

}
