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

package io.github.tlsshutdown.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.nio.NioConnector;
import io.github.tlsshutdown.nio.SocketTransport;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What one turn of one connection may cost, and what is kept of it.
 */
class PeerReaderTests {

	/** The longest record that the JDK's engine waits for. */
	private static final int LONGEST_RECORD = 33_093;

	private static final int HEADER = 5;

	private final PeerReader reader = new PeerReader();

	private SocketChannel peer;

	private SocketChannel socket;

	private Transport transport;

	@BeforeEach
	void connect() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			this.peer = SocketChannel.open(server.getLocalAddress());
			this.socket = server.accept();
		}
		this.peer.configureBlocking(false);
		this.socket.configureBlocking(false);
		this.transport = new SocketTransport(this.socket, new NioConnector());
	}

	@AfterEach
	void close() throws IOException {
		this.peer.close();
		this.socket.close();
	}

	@Test
	void readTakesNoMoreThanOneBufferHoweverMuchThereIs() throws IOException {
		long sent = fill();
		CountingEngine engine = new CountingEngine(100, 100);
		long received = 0;
		int reads = 0;
		while (received < sent) {
			PeerInput input = new PeerInput();
			int read = this.reader.read(this.transport, engine, input);
			assertThat(read).isBetween(0, PeerReader.BUFFER_SIZE);
			assertThat(input.discarded()).isEqualTo(read);
			received += read;
			reads++;
		}
		assertThat(sent).isGreaterThan(2 * PeerReader.BUFFER_SIZE);
		assertThat(reads).isGreaterThan(2);
	}

	@Test
	void recordsWithoutDataAreReadUpToTheirLimit() throws IOException {
		fill();
		int record = HEADER;
		CountingEngine engine = new CountingEngine(record, 0);
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> readForEver(engine, new PeerInput()))
			.withMessageContaining("without application data");
		assertThat(engine.unwrapped).isEqualTo(PeerReader.MAX_OVERHEAD / record + 1);
	}

	@Test
	void recordsWithoutDataThatWereReadBeforeCount() throws IOException {
		fill();
		CountingEngine engine = new CountingEngine(HEADER, 0);
		PeerInput input = new PeerInput();
		input.addOverhead(PeerReader.MAX_OVERHEAD);
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> this.reader.read(this.transport, engine, input));
		assertThat(engine.unwrapped).isOne();
	}

	@Test
	void incompleteRecordIsAllThatIsKept() throws IOException {
		SSLEngine engine = serverEngine();
		send(header(LONGEST_RECORD));
		send(ByteBuffer.allocate(LONGEST_RECORD - HEADER - 1));
		PeerInput input = new PeerInput();
		int kept = 0;
		while (kept < LONGEST_RECORD - 1) {
			kept += this.reader.read(this.transport, engine, input);
		}
		ByteBuffer undecrypted = input.moveTo(ByteBuffer.allocate(PeerReader.BUFFER_SIZE));
		assertThat(undecrypted.position()).isEqualTo(LONGEST_RECORD - 1);
		input.keep(undecrypted.flip());
		send(ByteBuffer.allocate(PeerReader.BUFFER_SIZE));
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> readForEver(engine, input));
	}

	@Test
	void moreThanTheBufferHoldsIsDecryptedFirst() throws IOException {
		CountingEngine engine = new CountingEngine(100, 100);
		PeerInput input = new PeerInput();
		input.keep(ByteBuffer.allocate(2 * PeerReader.BUFFER_SIZE));
		send(ByteBuffer.allocate(10));
		assertThat(this.reader.read(this.transport, engine, input)).isZero();
		assertThat(input.discarded()).isEqualTo(2 * PeerReader.BUFFER_SIZE);
		while (input.discarded() < 2 * PeerReader.BUFFER_SIZE + 10) {
			this.reader.read(this.transport, engine, input);
		}
	}

	@Test
	void recordThatIsTooLongIsRefusedByItsHeader() throws IOException {
		send(header(LONGEST_RECORD + 1));
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> readForEver(serverEngine(), new PeerInput()))
			.withMessageContaining("too big");
	}

	private void readForEver(SSLEngine engine, PeerInput input) throws IOException {
		while (true) {
			this.reader.read(this.transport, engine, input);
		}
	}

	private void send(ByteBuffer data) throws IOException {
		this.peer.write(data);
		assertThat(data.hasRemaining()).isFalse();
	}

	private static SSLEngine serverEngine() {
		SSLEngine engine = TlsPeer.newContext().createSSLEngine();
		engine.setUseClientMode(false);
		return engine;
	}

	private static ByteBuffer header(int recordLength) {
		int length = recordLength - HEADER;
		return ByteBuffer.wrap(new byte[] { 22, 3, 3, (byte) (length >> 8), (byte) length });
	}

	/**
	 * Send as much as the socket's buffers take.
	 * @return how much that is
	 * @throws IOException if that fails
	 */
	private long fill() throws IOException {
		long sent = 0;
		int written;
		while ((written = this.peer.write(ByteBuffer.allocate(PeerReader.BUFFER_SIZE))) > 0) {
			sent += written;
		}
		return sent;
	}

	/**
	 * An engine to which everything is records of one length.
	 */
	private static final class CountingEngine extends SSLEngine {

		private final int recordLength;

		private final int dataLength;

		private int unwrapped;

		CountingEngine(int recordLength, int dataLength) {
			this.recordLength = recordLength;
			this.dataLength = dataLength;
		}

		@Override
		public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length) {
			this.unwrapped++;
			int consumed = Math.min(source.remaining(), this.recordLength);
			int produced = Math.min(consumed, this.dataLength);
			source.position(source.position() + consumed);
			destinations[offset].put(new byte[produced]);
			return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed, produced);
		}

		@Override
		public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination) {
			throw new UnsupportedOperationException();
		}

		@Override
		public @Nullable Runnable getDelegatedTask() {
			return null;
		}

		@Override
		public void closeInbound() {
		}

		@Override
		public boolean isInboundDone() {
			return false;
		}

		@Override
		public void closeOutbound() {
		}

		@Override
		public boolean isOutboundDone() {
			return true;
		}

		@Override
		public String[] getSupportedCipherSuites() {
			return new String[0];
		}

		@Override
		public String[] getEnabledCipherSuites() {
			return new String[0];
		}

		@Override
		public void setEnabledCipherSuites(String[] suites) {
		}

		@Override
		public String[] getSupportedProtocols() {
			return new String[0];
		}

		@Override
		public String[] getEnabledProtocols() {
			return new String[0];
		}

		@Override
		public void setEnabledProtocols(String[] protocols) {
		}

		@Override
		public SSLSession getSession() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void beginHandshake() {
		}

		@Override
		public HandshakeStatus getHandshakeStatus() {
			return HandshakeStatus.NOT_HANDSHAKING;
		}

		@Override
		public void setUseClientMode(boolean mode) {
		}

		@Override
		public boolean getUseClientMode() {
			return false;
		}

		@Override
		public void setNeedClientAuth(boolean need) {
		}

		@Override
		public boolean getNeedClientAuth() {
			return false;
		}

		@Override
		public void setWantClientAuth(boolean want) {
		}

		@Override
		public boolean getWantClientAuth() {
			return false;
		}

		@Override
		public void setEnableSessionCreation(boolean flag) {
		}

		@Override
		public boolean getEnableSessionCreation() {
			return true;
		}

	}

}
