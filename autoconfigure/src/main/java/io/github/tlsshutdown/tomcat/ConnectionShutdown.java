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
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * The end of one TLS connection, from the first step to the TCP close and the event.
 * <p>
 * {@link #begin} takes the steps that can be taken at once, on the thread that closes the
 * connection. Whatever would block, OpenSSL's WANT_WRITE and WANT_READ, is left to the
 * {@link ShutdownReactor}, which calls {@link #advance} until the shutdown has
 * {@link #isEnded() ended}. At any time a single thread uses an instance.
 */
final class ConnectionShutdown {

	private static final Log logger = LogFactory.getLog(ConnectionShutdown.class);

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final TomcatTlsConnector connector;

	private final SocketChannel socket;

	private final @Nullable SSLEngine engine;

	private final PeerSigns signs;

	private final TlsShutdownSettings settings;

	private final @Nullable InetSocketAddress remoteAddress;

	private final long startNanos;

	private String protocol = TlsShutdownEvent.UNKNOWN_PROTOCOL;

	private TlsShutdownInitiator initiator = TlsShutdownInitiator.LOCAL;

	private boolean closeNotifySent;

	private boolean closeNotifyReceived;

	private boolean endOfStream;

	/** Whether the engine cannot tell us of the peer's close_notify any more. */
	private boolean deaf;

	private boolean halfClosed;

	private boolean ended;

	private long discarded;

	private int overhead;

	private long lastProgressNanos;

	/** What is left to write: encrypted application data, then the alert. */
	private @Nullable ByteBuffer unsent;

	/** What was read but not decrypted yet: part of a record, or more. */
	private byte @Nullable [] undecrypted;

	ConnectionShutdown(TomcatTlsConnector connector, SocketChannel socket, @Nullable SSLEngine engine, PeerSigns signs,
			TlsShutdownSettings settings) {
		this.connector = connector;
		this.socket = socket;
		this.engine = engine;
		this.signs = signs;
		this.endOfStream = signs.endOfStream();
		this.settings = settings;
		this.remoteAddress = ClosingConnection.remoteAddress(socket);
		this.startNanos = connector.nanoTime();
		this.lastProgressNanos = this.startNanos;
	}

	/**
	 * Take the first steps, and hand over to the reactor if they were not the last ones.
	 * @param netIn bytes read from the peer but not decrypted, ready to be added to
	 * @param netOut encrypted bytes that were not written yet, ready to be read
	 * @param leavePoller called before the reactor takes over
	 */
	void begin(ByteBuffer netIn, ByteBuffer netOut, Runnable leavePoller) {
		try {
			takeFirstSteps(netIn, netOut);
			if (!this.ended) {
				leavePoller.run();
			}
		}
		catch (IOException ex) {
			if (!(ex instanceof SSLException)) {
				// Nothing could be written any more: the peer was first
				this.initiator = TlsShutdownInitiator.PEER;
			}
			end(outcomeOf(ex));
		}
		catch (RuntimeException | Error ex) {
			endOnInternalError(ex);
		}
		if (!this.ended) {
			handOver();
		}
	}

	private void handOver() {
		ShutdownReactor.Admission admission;
		try {
			admission = this.connector.offer(this);
		}
		catch (RuntimeException | Error ex) {
			endOnInternalError(ex);
			return;
		}
		switch (admission) {
			case ADMITTED -> {
				// From here on this object is the reactor's
			}
			case STOPPED -> end(TlsShutdownOutcome.TIMED_OUT);
			case REFUSED -> {
				this.connector.warnOfOverflow("no more may wait than tls.shutdown.max-pending=" + maxPending()
						+ ". Raise it, or lower tls.shutdown.timeout.");
				end(TlsShutdownOutcome.OVERFLOW);
			}
			case UNAVAILABLE -> end(TlsShutdownOutcome.OVERFLOW);
		}
	}

	private void takeFirstSteps(ByteBuffer netIn, ByteBuffer netOut) throws IOException {
		if (this.engine == null || !this.signs.established()) {
			endWithoutHandshake(netOut);
			return;
		}
		this.protocol = ClosingConnection.protocolOf(this.engine);
		if (this.signs.tlsFailed()) {
			endFailed(this.engine, netOut, TlsShutdownOutcome.FAILED);
		}
		else {
			beginEstablished(this.engine, netIn, netOut);
		}
	}

	private void endWithoutHandshake(ByteBuffer netOut) {
		if (this.signs.endOfStream()) {
			this.initiator = TlsShutdownInitiator.PEER;
		}
		else if (this.engine != null && this.signs.tlsFailed()) {
			endFailed(this.engine, netOut, TlsShutdownOutcome.NO_HANDSHAKE);
			return;
		}
		else if (this.signs.failure() != null) {
			// What is no TLS is refused by us, all else is the peer's doing
			this.initiator = this.signs.refused() ? TlsShutdownInitiator.LOCAL : TlsShutdownInitiator.PEER;
		}
		end(TlsShutdownOutcome.NO_HANDSHAKE);
	}

	private void endFailed(SSLEngine engine, ByteBuffer netOut, TlsShutdownOutcome outcome) {
		// The engine has a fatal alert to send if it found the error itself. That is
		// worth one attempt: the connection is lost already.
		this.initiator = this.signs.refused() ? TlsShutdownInitiator.LOCAL : TlsShutdownInitiator.PEER;
		try {
			this.socket.write(netOut);
			if (!netOut.hasRemaining() && wrapAlert(engine, netOut)) {
				this.initiator = TlsShutdownInitiator.LOCAL;
				this.socket.write(netOut);
			}
		}
		catch (IOException ex) {
			logger.trace("Fatal alert not sent", ex);
		}
		end(outcome);
	}

	private void beginEstablished(SSLEngine engine, ByteBuffer netIn, ByteBuffer netOut) throws IOException {
		// Asked before our own alert is out: some engines call both directions done then
		this.closeNotifyReceived = engine.isInboundDone();
		if (this.closeNotifyReceived || this.endOfStream) {
			this.initiator = TlsShutdownInitiator.PEER;
		}
		if (policy() == TlsShutdownPolicy.QUIET) {
			IOException failure = this.signs.failure();
			if (failure != null && !this.closeNotifyReceived) {
				throw failure;
			}
			// TLS 1.2 answers close_notify by itself: that answer may be what is left
			keepUnsent(engine.isOutboundDone() ? null : write(netOut));
		}
		else {
			ByteBuffer data = write(netOut);
			wrapCloseNotify(engine, netOut);
			this.deaf = !this.closeNotifyReceived && !this.endOfStream && engine.isInboundDone();
			keepUnsent((data != null) ? concat(data, netOut) : write(netOut));
			if (policy() == TlsShutdownPolicy.BIDIRECTIONAL && netIn.position() > 0) {
				this.undecrypted = copy(netIn.duplicate().flip());
			}
		}
		conclude();
	}

	private void wrapCloseNotify(SSLEngine engine, ByteBuffer netOut) throws SSLException {
		engine.closeOutbound();
		wrapAlert(engine, netOut);
		if (!engine.isOutboundDone()) {
			throw new SSLException("The TLS engine did not give its close_notify");
		}
	}

	/**
	 * Write what is left and read what is there, a bounded amount of each.
	 * @param reader reads from the peer
	 */
	void advance(PeerReader reader) {
		try {
			ByteBuffer unsent = this.unsent;
			if (unsent != null && this.socket.write(unsent) > 0) {
				progressed();
				keepUnsent(unsent.hasRemaining() ? unsent : null);
			}
			if (isReading()) {
				read(reader);
			}
			if (!this.ended) {
				conclude();
			}
		}
		catch (IOException ex) {
			end(outcomeOf(ex));
		}
	}

	private void read(PeerReader reader) throws IOException {
		PeerReader.Result result = reader.read(this.socket, this.deaf ? null : engine(), this.undecrypted,
				this.overhead);
		this.undecrypted = result.undecrypted();
		this.overhead = result.overhead();
		this.discarded += result.discarded();
		if (result.received() > 0) {
			progressed();
		}
		switch (result.sign()) {
			case CLOSE_NOTIFY -> this.closeNotifyReceived = true;
			case END_OF_STREAM -> this.endOfStream = true;
			case NONE -> {
				if (this.discarded > this.settings.maxDiscard()) {
					this.connector.warnOfOverflow("its peer went on sending more than tls.shutdown.max-discard="
							+ this.settings.maxDiscard() + "B. Raise it if such uploads are legitimate.");
					end(TlsShutdownOutcome.OVERFLOW);
				}
			}
		}
	}

	private void keepUnsent(@Nullable ByteBuffer unsent) {
		this.unsent = unsent;
		// The alert is the last to go out
		this.closeNotifySent = unsent == null && policy() != TlsShutdownPolicy.QUIET;
	}

	// The one place that knows what each policy waits for
	private void conclude() throws IOException {
		if (this.unsent != null) {
			return;
		}
		if (this.closeNotifyReceived) {
			end(this.closeNotifySent ? TlsShutdownOutcome.COMPLETED : TlsShutdownOutcome.QUIET);
		}
		else if (this.endOfStream) {
			// Of a peer that cannot be understood nothing is known but that it has left
			end(this.deaf ? TlsShutdownOutcome.SENT : TlsShutdownOutcome.UNCLEAN);
		}
		else {
			switch (policy()) {
				case QUIET -> end(TlsShutdownOutcome.QUIET);
				case UNIDIRECTIONAL -> end(TlsShutdownOutcome.SENT);
				case BIDIRECTIONAL -> halfClose();
			}
		}
	}

	private void halfClose() throws IOException {
		if (!this.halfClosed) {
			this.halfClosed = true;
			this.socket.shutdownOutput();
		}
	}

	/**
	 * End the connection because its time is over.
	 */
	void timeOut() {
		end(TlsShutdownOutcome.TIMED_OUT);
	}

	/**
	 * End the connection because the server itself is in trouble.
	 * @param cause what went wrong
	 */
	void endOnInternalError(Throwable cause) {
		try {
			this.connector.warnOfInternalError(cause);
		}
		finally {
			end(TlsShutdownOutcome.RESET);
		}
	}

	private void end(TlsShutdownOutcome outcome) {
		if (this.ended) {
			return;
		}
		this.ended = true;
		this.unsent = null;
		this.undecrypted = null;
		try {
			release();
		}
		finally {
			this.connector.ended(new TlsShutdownEvent(this.connector.getName(), policy(), outcome, this.initiator,
					this.protocol, this.remoteAddress, Duration.ofNanos(this.connector.nanoTime() - this.startNanos),
					this.closeNotifySent, this.closeNotifyReceived, this.discarded));
		}
	}

	private void release() {
		try {
			this.socket.close();
			if (this.engine != null) {
				release(this.engine);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Connection not released cleanly", ex);
		}
	}

	/**
	 * Have engines in native memory free it. They do so once both directions are closed
	 * and nothing is left to be sent; else the garbage collector would have to.
	 * @param engine the engine
	 * @throws SSLException if it does not like that
	 */
	private static void release(SSLEngine engine) throws SSLException {
		engine.closeOutbound();
		if (engine.getClass().getModule() == SSLEngine.class.getModule()) {
			// The JDK's has no such memory, and complains where the peer sent no alert
			return;
		}
		if (!engine.isOutboundDone()) {
			wrapAlert(engine, ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
		}
		engine.closeInbound();
	}

	boolean isEnded() {
		return this.ended;
	}

	SocketChannel socket() {
		return this.socket;
	}

	int maxPending() {
		return this.settings.maxPending();
	}

	/**
	 * Return what this shutdown waits for.
	 * @return selection key operations
	 */
	int interestOps() {
		return ((this.unsent != null) ? SelectionKey.OP_WRITE : 0) | (isReading() ? SelectionKey.OP_READ : 0);
	}

	/**
	 * Return how much longer the peer may take: {@code timeout} since it last made
	 * progress, {@code max-wait} in all.
	 * @param now the current {@link System#nanoTime()}
	 * @return the time in nanoseconds; negative if it is over
	 */
	long nanosLeft(long now) {
		long silence = this.settings.timeout().toNanos() - (now - this.lastProgressNanos);
		long total = this.settings.maxWait().toNanos() - (now - this.startNanos);
		return Math.min(silence, total);
	}

	private boolean isReading() {
		return policy() == TlsShutdownPolicy.BIDIRECTIONAL && !this.closeNotifyReceived && !this.endOfStream;
	}

	private TlsShutdownPolicy policy() {
		return this.settings.policy();
	}

	private SSLEngine engine() {
		SSLEngine engine = this.engine;
		if (engine == null) {
			throw new IllegalStateException("No TLS engine");
		}
		return engine;
	}

	private void progressed() {
		this.lastProgressNanos = this.connector.nanoTime();
	}

	private @Nullable ByteBuffer write(ByteBuffer data) throws IOException {
		this.socket.write(data);
		return data.hasRemaining() ? ByteBuffer.wrap(copy(data)) : null;
	}

	/**
	 * Replace the buffer's content with the alerts the engine has to send.
	 * @param engine the engine
	 * @param netOut the buffer, ready to be read afterwards
	 * @return whether there were any
	 * @throws SSLException if the engine cannot give them
	 */
	private static boolean wrapAlert(SSLEngine engine, ByteBuffer netOut) throws SSLException {
		netOut.clear();
		int produced;
		do {
			// A record at a time: there may be another before the alert
			produced = engine.wrap(NOTHING.duplicate(), netOut).bytesProduced();
		}
		while (produced > 0 && !engine.isOutboundDone());
		netOut.flip();
		return netOut.hasRemaining();
	}

	private static ByteBuffer concat(ByteBuffer first, ByteBuffer second) {
		return ByteBuffer.allocate(first.remaining() + second.remaining()).put(first).put(second).flip();
	}

	private static byte[] copy(ByteBuffer source) {
		byte[] copy = new byte[source.remaining()];
		source.get(copy);
		return copy;
	}

	private static TlsShutdownOutcome outcomeOf(IOException ex) {
		return (ex instanceof SSLException) ? TlsShutdownOutcome.FAILED : TlsShutdownOutcome.RESET;
	}

}
