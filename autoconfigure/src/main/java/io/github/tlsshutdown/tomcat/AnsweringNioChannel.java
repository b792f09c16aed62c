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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * A TLS channel on which a reading thread can answer, with new keys for instance, while
 * another thread writes. Tomcat uses the writing thread's buffer for that, and fails the
 * second time it finds the buffer in use, even if the first answer was sent long ago.
 */
abstract class AnsweringNioChannel extends SecureNioChannel {

	/**
	 * How often a peer that does not read can ask: each answer takes memory until it can
	 * be sent.
	 */
	private static final int MAX_UNANSWERED = 32;

	/**
	 * Held by the reading thread, and before {@link #writeMonitor} by a thread that needs
	 * both.
	 */
	final Object readMonitor = new Object();

	/** Held by the writing thread. */
	final Object writeMonitor = new Object();

	/** How often the peer has asked since the last answer was encrypted. */
	private int unanswered;

	AnsweringNioChannel(SocketBufferHandler buffer, NioEndpoint endpoint) {
		super(buffer, endpoint);
	}

	@Override
	public void reset(SocketChannel channel, NioSocketWrapper socketWrapper) throws IOException {
		super.reset(channel, socketWrapper);
		this.unanswered = 0;
	}

	/**
	 * Send the engine's answer to what was read.
	 * @return the engine's last result
	 * @throws IOException if that fails, or if the peer keeps asking for answers that it
	 * does not read
	 */
	final SSLEngineResult answer() throws IOException {
		synchronized (this.writeMonitor) {
			SSLEngineResult result = new SSLEngineResult(Status.OK, this.sslEngine.getHandshakeStatus(), 0, 0);
			while (flush(this.netOutBuffer) && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
				this.unanswered = 0;
				this.netOutBuffer.clear();
				try {
					result = this.sslEngine.wrap(getEmptyBuf(), this.netOutBuffer);
				}
				finally {
					this.netOutBuffer.flip();
				}
				if (result.bytesProduced() == 0) {
					return result;
				}
			}
			// If it could not be encrypted, the next write begins with it
			if (this.netOutBuffer.hasRemaining() && ++this.unanswered > MAX_UNANSWERED) {
				throw new SSLException("The peer keeps asking for answers, but does not read them");
			}
			return result;
		}
	}

	/**
	 * Tomcat checks this before a reading thread answers, and fails the second time that
	 * something is left. It can always continue: {@link #answer()} handles that.
	 */
	@Override
	public int getOutboundRemaining() {
		return Thread.holdsLock(this.readMonitor) ? 0 : super.getOutboundRemaining();
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		int written = super.write(src);
		answered(written);
		return written;
	}

	@Override
	public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
		long written = super.write(srcs, offset, length);
		answered(written);
		return written;
	}

	/**
	 * Tomcat has cleared the buffer for a record that the engine then did not produce.
	 * All of it would count as unsent: records that were already sent, even by another
	 * connection.
	 */
	final void dropWhatWasNotWrapped() {
		this.netOutBuffer.limit(0);
	}

	// The engine produces its answers before it encrypts anything else
	private void answered(long written) {
		if (written > 0) {
			this.unanswered = 0;
		}
	}

}
